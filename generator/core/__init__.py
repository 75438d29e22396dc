"""What every stage shares: source positions, diagnostics and content digests."""
