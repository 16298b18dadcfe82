"""What benchmarks/serve.py starts and asks."""
