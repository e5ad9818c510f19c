"""When to write to somebody: pure, no Django, no clock."""
