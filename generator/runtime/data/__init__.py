"""Labelled images for training: where they come from, how they are prepared and loaded."""
