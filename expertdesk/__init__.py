"""ExpertDesk: case work for a municipal foreign-experts bureau, in Chinese and English.

Casework runs one way: intake → cases → permits → liaison. The floors of the house and what each holds stand in
README.md ("A map of the house"); an upper floor may import a lower one, never the other way round.
"""

__version__ = "0.1.0"
