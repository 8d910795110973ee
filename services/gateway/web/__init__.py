"""Pages for people: by area, without scripts, in Kazakh, Russian and English. Begin with `pages.py`."""
