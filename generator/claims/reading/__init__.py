"""How tokens become a passage: pieces, and sentences of them."""
