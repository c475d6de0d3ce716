#!/usr/bin/env python3
"""Makes ../site/fonts/fernhill.woff2: every glyph is a pen path, drawn with one round nib.

Needs Debian's python3-fonttools, python3-brotli and python3-shapely.
Units are 1/1000 em. A path is the middle of the stroke; the baseline of the paths is y = 0.
"""
from math import cos, radians, sin
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from shapely.geometry import LineString, Point
from shapely.geometry.polygon import orient
from shapely.ops import unary_union

NIB = 46          # half the stroke
SIDE = 43         # space left and right of a glyph
CAP, ASC, X, DESC = 610, 650, 420, -190


def arc(cx, cy, rx, ry, start, end):
    """Points of an ellipse's arc, in degrees; counter-clockwise when end > start."""
    steps = max(6, int(abs(end - start) / 7))
    angles = (radians(start + (end - start) * i / steps) for i in range(steps + 1))
    return [(cx + rx * cos(a), cy + ry * sin(a)) for a in angles]


def ring(cx, cy, rx, ry):
    return arc(cx, cy, rx, ry, 0, 360)


def dot(x, y):
    return [(x, y)]


def stem(x, top, bottom=0):
    return [(x, bottom), (x, top)]


def bar(y, left, right):
    return [(left, y), (right, y)]


BOWL = ring(210, 210, 210, 210)
P_BOWL = [(0, CAP), (205, CAP), *arc(205, 437, 173, 173, 90, -90), (0, 264)]
SIX = [ring(205, 195, 205, 195), [(300, CAP), (30, 290)]]
HASH = [[(120, 40), (200, 570)], [(290, 40), (370, 570)], bar(400, 70, 460), bar(210, 30, 420)]
QUOTE = [(40, 620), (0, 500)]

GLYPHS = {
    'A': [[(0, 0), (262, CAP), (524, 0)], bar(190, 85, 440)],
    'B': [stem(0, CAP), [(0, CAP), (215, CAP), *arc(215, 462, 148, 148, 90, -90), (0, 314)],
          [(215, 314), *arc(235, 157, 165, 157, 90, -90), (0, 0)]],
    'C': [arc(305, 305, 305, 305, 47, 313)],
    'D': [[(0, 0), (0, CAP), (195, CAP), *arc(195, 305, 305, 305, 90, -90), (0, 0)]],
    'E': [[(360, CAP), (0, CAP), (0, 0), (360, 0)], bar(312, 0, 320)],
    'F': [[(350, CAP), (0, CAP), (0, 0)], bar(300, 0, 310)],
    'G': [[*arc(305, 305, 305, 305, 47, 360), (350, 305)]],
    'H': [stem(0, CAP), stem(450, CAP), bar(312, 0, 450)],
    'I': [stem(0, CAP)],
    'J': [[(270, CAP), (270, 140), *arc(132, 140, 138, 140, 0, -160)]],
    'K': [stem(0, CAP), [(390, CAP), (0, 225)], [(130, 345), (415, 0)]],
    'L': [[(0, CAP), (0, 0), (335, 0)]],
    'M': [[(0, 0), (0, CAP), (300, 150), (600, CAP), (600, 0)]],
    'N': [[(0, 0), (0, CAP), (465, 0), (465, CAP)]],
    'O': [ring(305, 305, 305, 305)],
    'P': [stem(0, CAP), P_BOWL],
    'Q': [ring(305, 305, 305, 305), [(385, 190), (585, -25)]],
    'R': [stem(0, CAP), P_BOWL, [(195, 264), (395, 0)]],
    'S': [[*arc(190, 460, 168, 150, 28, 270), *arc(190, 155, 188, 155, 90, -156)]],
    'T': [bar(CAP, 0, 460), stem(230, CAP)],
    'U': [[(0, CAP), (0, 222), *arc(222, 222, 222, 222, 180, 360), (444, CAP)]],
    'V': [[(0, CAP), (252, 0), (504, CAP)]],
    'W': [[(0, CAP), (192, 0), (380, 540), (568, 0), (760, CAP)]],
    'X': [[(0, 0), (450, CAP)], [(0, CAP), (450, 0)]],
    'Y': [[(0, CAP), (235, 285), (470, CAP)], stem(235, 285)],
    'Z': [[(0, CAP), (430, CAP), (0, 0), (440, 0)]],
    'a': [BOWL, stem(420, X)],
    'b': [BOWL, stem(0, ASC)],
    'c': [arc(210, 210, 210, 210, 48, 312)],
    'd': [BOWL, stem(420, ASC)],
    'e': [[(0, 215), (420, 215), *arc(210, 210, 210, 210, 2, 315)]],
    'f': [[(90, 0), (90, 530), *arc(215, 530, 125, 125, 180, 78)], bar(X, 0, 220)],
    'g': [BOWL, [(420, X), (420, -20), *arc(215, -20, 205, 172, 0, -145)]],
    'h': [stem(0, ASC), [*arc(190, 230, 190, 190, 180, 0), (380, 0)]],
    'i': [stem(0, X), dot(0, 595)],
    'j': [[(80, X), (80, -85), *arc(-20, -85, 100, 105, 0, -88)], dot(80, 595)],
    'k': [stem(0, ASC), [(300, X), (0, 150)], [(105, 246), (325, 0)]],
    'l': [stem(0, ASC)],
    'm': [stem(0, X), [*arc(155, 265, 155, 155, 180, 0), (310, 0)], [*arc(465, 265, 155, 155, 180, 0), (620, 0)]],
    'n': [stem(0, X), [*arc(190, 230, 190, 190, 180, 0), (380, 0)]],
    'o': [BOWL],
    'p': [BOWL, stem(0, X, DESC)],
    'q': [BOWL, stem(420, X, DESC)],
    'r': [stem(0, X), arc(165, 235, 165, 185, 180, 62)],
    's': [[*arc(142, 316, 126, 104, 28, 270), *arc(142, 106, 140, 106, 90, -158)]],
    't': [[(90, 560), (90, 118), *arc(205, 118, 115, 118, 180, 282)], bar(X, 0, 215)],
    'u': [[(0, X), (0, 190), *arc(190, 190, 190, 190, 180, 360)], stem(380, X)],
    'v': [[(0, X), (185, 0), (370, X)]],
    'w': [[(0, X), (145, 0), (290, 370), (435, 0), (580, X)]],
    'x': [[(0, 0), (340, X)], [(0, X), (340, 0)]],
    'y': [[(0, X), (190, 0)], [(380, X), (110, DESC)]],
    'z': [[(0, X), (320, X), (0, 0), (325, 0)]],
    '0': [ring(212, 305, 212, 305)],
    '1': [[(0, 490), (140, CAP), (140, 0)]],
    '2': [[*arc(190, 425, 182, 185, 165, -32), (0, 0), (395, 0)]],
    '3': [[*arc(180, 462, 152, 148, 152, -90), *arc(180, 157, 185, 157, 90, -156)]],
    '4': [[(330, 0), (330, CAP), (0, 160), (430, 160)]],
    '5': [[(355, CAP), (70, CAP), *arc(180, 195, 200, 195, 135, -150)]],
    '6': SIX,
    '7': [[(0, CAP), (400, CAP), (130, 0)]],
    '8': [ring(195, 466, 155, 144), ring(195, 161, 195, 161)],
    '9': [[(410 - x, CAP - y) for x, y in path] for path in SIX],
    '.': [dot(0, 0)], ':': [dot(0, 10), dot(0, 380)], '·': [dot(0, 260)], '…': [dot(0, 0), dot(200, 0), dot(400, 0)],
    ',': [[(40, 0), (0, -120)]], ';': [dot(40, 380), [(40, 0), (0, -120)]],
    '!': [stem(0, CAP, 200), dot(0, 0)],
    '?': [[*arc(170, 440, 170, 170, 160, -40), (165, 250), (165, 190)], dot(165, 0)],
    "'": [stem(0, 620, 480)], '"': [stem(0, 620, 480), stem(130, 620, 480)],
    '’': [QUOTE], '‘': [[(0, 620), (40, 500)]],
    '”': [QUOTE, [(x + 140, y) for x, y in QUOTE]], '“': [[(0, 620), (40, 500)], [(140, 620), (180, 500)]],
    '-': [bar(230, 0, 190)], '–': [bar(230, 0, 340)], '—': [bar(230, 0, 640)], '_': [bar(-60, 0, 400)],
    '(': [arc(330, 270, 330, 420, 125, 235)], ')': [arc(-190, 270, 330, 420, 55, -55)],
    '[': [[(150, 680), (0, 680), (0, -120), (150, -120)]], ']': [[(0, 680), (150, 680), (150, -120), (0, -120)]],
    '/': [[(0, -60), (280, 680)]], '|': [stem(0, 700, -120)],
    '+': [bar(270, 0, 380), stem(190, 460, 80)], '=': [bar(350, 0, 380), bar(180, 0, 380)],
    '×': [[(0, 120), (300, 420)], [(0, 420), (300, 120)]],
    '<': [[(320, 470), (0, 270), (320, 70)]], '>': [[(0, 470), (320, 270), (0, 70)]],
    '*': [stem(130, 640, 380), [(15, 575), (245, 445)], [(15, 445), (245, 575)]],
    '#': HASH,
    '%': [ring(115, 480, 115, 130), ring(485, 130, 115, 130), [(110, 0), (490, CAP)]],
    '&': [[(470, 0), (120, 390), *arc(215, 480, 130, 130, 223, -42), (105, 290),
           *arc(180, 150, 180, 150, 125, 300), (330, 60), (460, 270)]],
    '@': [ring(330, 250, 130, 130), [(460, 380), (460, 210), *arc(560, 210, 100, 90, 180, 360),
                                     *arc(340, 260, 320, 340, 0, 300)]],
    '£': [[(330, 500), *arc(220, 480, 115, 130, 20, 180), (105, 140), (0, 0), (370, 0)], bar(290, 0, 260)],
    '$': [[*arc(190, 460, 168, 150, 28, 270), *arc(190, 155, 188, 155, 90, -156)], stem(190, 710, -100)],
    '€': [arc(330, 305, 255, 305, 50, 310), bar(370, 0, 380), bar(240, 0, 350)],
    '→': [bar(250, 0, 480), [(310, 430), (490, 250), (310, 70)]],
}


def outline(paths):
    """The area the nib covers, its left edge at x = SIDE, its feet on the baseline."""
    strokes = [Point(p[0]).buffer(NIB * 1.25, 8) if len(p) == 1 else LineString(p).buffer(NIB, 7) for p in paths]
    shape = unary_union(strokes).simplify(1.2)
    return list(shape.geoms) if shape.geom_type == 'MultiPolygon' else [shape]


def glyph(paths):
    polygons = outline(paths)
    left = min(p.bounds[0] for p in polygons)
    right = max(p.bounds[2] for p in polygons)
    pen = TTGlyphPen(None)
    for polygon in (orient(p, -1) for p in polygons):
        for loop in (polygon.exterior, *polygon.interiors):
            points = [(round(x - left + SIDE), round(y + NIB)) for x, y in loop.coords[:-1]]
            pen.moveTo(points[0])
            for point in points[1:]:
                pen.lineTo(point)
            pen.closePath()
    return pen.glyph(), (round(right - left + 2 * SIDE), SIDE)


def main():
    glyphs, metrics = {'.notdef': TTGlyphPen(None).glyph(), 'space': TTGlyphPen(None).glyph()}, {'.notdef': (500, 0), 'space': (250, 0)}
    characters = {32: 'space', 160: 'space'}
    for character, paths in GLYPHS.items():
        name = f'uni{ord(character):04X}'
        glyphs[name], metrics[name] = glyph(paths)
        characters[ord(character)] = name

    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder(list(glyphs))
    font.setupCharacterMap(characters)
    font.setupGlyf(glyphs)
    font.setupHorizontalMetrics(metrics)
    font.setupHorizontalHeader(ascent=820, descent=-230)
    font.setupNameTable({'familyName': 'Fernhill', 'styleName': 'Regular'})
    font.setupOS2(sTypoAscender=820, sTypoDescender=-230, sTypoLineGap=0, usWinAscent=850, usWinDescent=250,
                  sxHeight=X + 2 * NIB, sCapHeight=CAP + 2 * NIB)
    font.setupPost(keepGlyphNames=False)
    font.font['head'].created = font.font['head'].modified = 3550000000   # the same bytes on every run
    font.font.recalcTimestamp = False
    font.font.flavor = 'woff2'
    target = Path(__file__).parent / '../site/fonts/fernhill.woff2'
    font.save(target)
    print(target, target.stat().st_size, 'bytes')


main()
