"""Tests of mapping: which sections are architectures, and what their notes set."""
