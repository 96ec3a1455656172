"""What was published and what will be: the record, renames, changes, guards, and the transaction itself.

It may ask `formats` to read documents back, `feeds` for ids, and `bodies` to clean what is read back. Rule:
what subscribers have is believed only after it was checked, and replaced only as a whole.
"""
