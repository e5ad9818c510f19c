"""When, where and with whom: pure arithmetic over demand, rooms and slots.

No Django, no clock, no chance: the same input gives the same answer.
"""
