"""What runs generated packages: run, train, export, bench. The only place that imports torch."""
