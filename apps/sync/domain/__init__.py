"""What converges: clocks, changes, and the state that they make. Plain Python."""
