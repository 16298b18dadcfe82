"""What operators and other programs read: health, exports, evaluation."""
