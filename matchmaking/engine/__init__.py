"""Who helps whom: everyone first, then the worst-off first, then the most in all."""
