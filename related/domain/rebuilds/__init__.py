"""The full rebuild: a run is cut into blocks, which any number of workers share."""
