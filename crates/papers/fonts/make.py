#!/usr/bin/env python3
"""Makes the fonts of this folder from the npm packages named in README.md.

usage: make.py NOTO_SERIF_SC_400.ttf NOTO_SANS_SC_500.ttf   (needs: pip install fonttools)
"""
import sys

from fontTools import subset
from fontTools.ttLib import TTFont


def gb2312():
    characters = set()
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                characters.add(bytes([high, low]).decode("gb2312"))
            except UnicodeDecodeError:
                pass
    return {ord(c) for c in characters if len(c) == 1}


def cut(source, target, unicodes):
    options = subset.Options(layout_features=["kern", "ccmp", "locl"], hinting=False, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14],
                             notdef_outline=True, recalc_timestamp=False, drop_tables=["vhea", "vmtx", "VORG", "DSIG", "BASE"])
    font = TTFont(source, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=unicodes)
    cutter.subset(font)
    font.save(target)
    print(target, len(font.getBestCmap()), "characters")


serif, sans = sys.argv[1:3]
everything = set(TTFont(serif).getBestCmap())
cut(serif, "NotoSerifSC-Regular.ttf", everything)
latin = set(range(0x20, 0x180)) | set(range(0x2010, 0x2040)) | set(range(0x3000, 0x3018)) | set(range(0xFF01, 0xFF5F))
cut(sans, "NotoSansSC-Medium.ttf", gb2312() | latin)
