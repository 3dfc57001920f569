"""Cuts an Inter to what the editors show, with tabular figures: `subset.py FROM TO`."""

import sys

from fontTools import subset
from fontTools.ttLib import TTFont

TABULAR = "0123456789+-\u2013\u2212"
SIGNS = "\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u2039\u203a\u2212\u00d7\u03a6\u03bc\u221e\u2248\u2264\u2265"
ARROWS = "\u2190\u2191\u2192\u2193\u2194\u25b2\u25bc\u25cb\u25cf\u2713"
LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x180)]


def tabular_glyphs(font):
    """Each glyph with its tabular alternate."""
    table = font["GSUB"].table
    alternates = {}
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == "tnum":
            for index in record.Feature.LookupListIndex:
                for sub in table.LookupList.Lookup[index].SubTable:
                    alternates.update(getattr(getattr(sub, "ExtSubTable", sub), "mapping", {}))
    return alternates


source, target = sys.argv[1:]
font = TTFont(source)
alternates = tabular_glyphs(font)
for table in font["cmap"].tables:
    if table.isUnicode():
        for character in map(ord, TABULAR):
            glyph = table.cmap.get(character)
            table.cmap[character] = alternates.get(glyph, glyph)

options = subset.Options()
options.layout_features = ["kern", "mark", "mkmk", "ccmp"]
options.hinting = False
options.name_IDs = ["*"]
options.notdef_outline = True
subsetter = subset.Subsetter(options)
subsetter.populate(unicodes=[*LATIN, *map(ord, SIGNS + ARROWS)])
subsetter.subset(font)
font.save(target)
