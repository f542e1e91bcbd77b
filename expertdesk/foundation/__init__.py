"""The ground every floor stands on: clock, languages, database handle, errors, files, text and codes.

Used by everything above; comes in: plain values; goes out: plain values. Nothing here knows a case, a person or a
permit.
"""
