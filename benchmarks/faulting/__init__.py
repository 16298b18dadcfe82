"""The fault suite's parts: a newsroom at work, the faults, and the comparison afterwards."""
