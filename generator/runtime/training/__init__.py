"""Training a network: settings, loss, optimiser, one epoch, checkpoints, the whole run."""
