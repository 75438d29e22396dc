"""What a statement describes: its numbers by what they count, and the layers they belong to."""
