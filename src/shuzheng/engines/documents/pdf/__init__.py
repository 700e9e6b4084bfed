"""PDF (ISO 32000): a small pure writer for what a layout holds; the same content gives the same bytes.

The libraries at hand subset a whole Chinese font anew for every document and write no structure for screen readers. This
one takes the subsets that go into OFD, so that both outputs carry the same glyphs at the same places.
"""
