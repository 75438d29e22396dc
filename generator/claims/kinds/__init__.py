"""Recognisers, one kind of statement per file; their order is in generator.claims.recognise."""
