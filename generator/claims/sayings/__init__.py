"""What sentences say of convolutions, of blocks and of layers: affirmed, denied, or not said."""
