#!/usr/bin/env python3
"""Makes the pictures in ../site: landscapes out of sums of sines, products out of ellipses and polygons.

Needs Debian's python3-pil and python3-numpy. The same seed gives the same picture.
"""
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SITE = Path(__file__).parent / '../site'


def save(image, name, quality=82):
    target = SITE / name
    target.parent.mkdir(parents=True, exist_ok=True)
    image.save(target, quality=quality, optimize=True, progressive=False)
    print(name, image.size, target.stat().st_size)


def grain(pixels, random, amount):
    noise = random.normal(0, amount, pixels.shape[:2])[:, :, None]
    return Image.fromarray(np.clip(pixels + noise, 0, 255).astype('uint8'))


# --- landscapes -----------------------------------------------------------------------------------------------------

def ridge(random, width, height, roughness):
    """One skyline, as a height above the bottom for every column."""
    x = np.linspace(0, 1, width)
    waves = sum(np.sin(2 * np.pi * (x * f + random.random())) * random.uniform(.6, 1) / f ** 1.15
                for f in (1.1, 2.3, 3.7, 6.1, 9.5, 17, 31, 57, 97))
    return height + waves * roughness


def forest(skyline, random, density, tall):
    """Pines along a skyline: each is a row of narrowing branches."""
    line = skyline.copy()
    for foot in random.integers(0, len(line), int(len(line) * density)):
        size = tall * random.uniform(.45, 1.15)
        for step in range(-int(size * .28), int(size * .28) + 1):
            if 0 <= foot + step < len(line):
                slope = 1 - abs(step) / (size * .3)
                branches = 1 + .16 * np.sin(slope * 26)
                line[foot + step] = max(line[foot + step], skyline[foot] + size * slope * branches)
    return line


def landscape(seed, size, sky, near, far, sun, hills=6):
    random = np.random.default_rng(seed)
    width, height = size
    y, x = np.mgrid[0:height, 0:width]
    stops = np.linspace(0, height * .75, len(sky))
    picture = np.stack([np.interp(y, stops, [c[i] for c in sky]) for i in range(3)], axis=2)

    distance = np.hypot((x - sun[0] * width), (y - sun[1] * height) * 1.15) / height
    glow = np.exp(-(distance / .28) ** 1.2)[:, :, None] * .75 + (distance < .055)[:, :, None] * .35
    picture += (np.array([255, 246, 218]) - picture) * np.clip(glow, 0, 1)

    clouds = sum(np.sin(x / width * f * 5 + random.random() * 6 + np.sin(y / height * f * 9) * 1.3) * np.sin(y / height * f * 16)
                 for f in (1, 1.9, 3.3, 5.2))
    picture += np.clip(clouds - .9, 0, 2)[:, :, None] * 9 * (1 - y / height)[:, :, None]

    for i in range(hills):
        depth = i / (hills - 1)
        skyline = ridge(random, width, height * (.56 - .5 * depth ** 1.1), height * (.05 + .035 * depth))
        if depth > .35:
            skyline = forest(skyline, random, .12 - .06 * depth, height * (.02 + .11 * depth ** 2))
        top = height - skyline[None, :]
        colour = np.array(far) + (np.array(near) - np.array(far)) * depth ** .8
        mist = np.exp(-(y - top) / (height * .16))[:, :, None]
        shade = colour + (np.array(sky[-1]) - colour) * (1 - mist) * .42 * (1 - depth)
        shade = shade + (random.normal(0, 1, (height, width)) * (2 + 5 * depth))[:, :, None]
        cover = np.clip(y - top + .5, 0, 1)[:, :, None]
        picture = picture * (1 - cover) + shade * cover
    return grain(picture, random, 1.6)


# --- products -------------------------------------------------------------------------------------------------------

W, H, SCALE = 480, 360, 3


class Studio:
    """A picture of one thing on a lit backdrop, in 480 x 360 units."""

    def __init__(self, name, tint):
        self.name, self.random = name, np.random.default_rng(len(name) * 31 + tint[0])
        y, x = np.mgrid[0:H * SCALE, 0:W * SCALE] / SCALE
        light = np.clip(1.16 - np.hypot(x - 200, (y - 130) * 1.1) / 900, 0, 1.08)
        floor = np.where(y > 262, 1 - np.exp(-(y - 262) / 30) * .07, 1)
        backdrop = np.array(tint)[None, None, :] * (light * floor)[:, :, None]
        self.image = Image.fromarray(np.clip(backdrop, 0, 255).astype('uint8')).convert('RGBA')
        shadow = Image.new('RGBA', self.image.size)
        ImageDraw.Draw(shadow).ellipse(self.units([95, 272, 405, 318]), fill=(30, 24, 14, 150))
        self.image.alpha_composite(shadow.filter(ImageFilter.GaussianBlur(11 * SCALE)))

    @staticmethod
    def units(numbers):
        return [n * SCALE for n in numbers]

    def paint(self, colour, draw, shine=.42):
        """Draws one shape, lit from the left: bright edge, dark other side."""
        mask = Image.new('L', self.image.size)
        draw(ImageDraw.Draw(mask))
        left, _, right, _ = mask.getbbox()
        across = np.clip((np.arange(W * SCALE) - left) / max(1, right - left), 0, 1)
        light = 1 + shine * (np.exp(-((across - .28) / .2) ** 2) * .75 - across ** 1.6 * .9)
        row = np.clip(np.array(colour)[None, :] * light[:, None], 0, 255).astype('uint8')
        layer = Image.fromarray(np.broadcast_to(row, (H * SCALE, W * SCALE, 3)).copy()).convert('RGBA')
        self.image.paste(layer, (0, 0), mask)

    def polygon(self, colour, *points, shine=.42):
        self.paint(colour, lambda d: d.polygon(self.units(points), fill=255), shine)

    def ellipse(self, colour, *box, shine=.42):
        self.paint(colour, lambda d: d.ellipse(self.units(box), fill=255), shine)

    def box(self, colour, *box, radius=8, shine=.42):
        self.paint(colour, lambda d: d.rounded_rectangle(self.units(box), radius * SCALE, fill=255), shine)

    def loop(self, colour, *box, start=0, end=360, width=8):
        self.paint(colour, lambda d: d.arc(self.units(box), start, end, fill=255, width=width * SCALE), .25)

    def line(self, colour, *points, width=4):
        self.paint(colour, lambda d: d.line(self.units(points), fill=255, width=width * SCALE, joint='curve'), .2)

    def save(self):
        picture = np.asarray(self.image.convert('RGB').resize((W, H), Image.LANCZOS)).astype(float)
        save(grain(picture, self.random, 3.2), f'img/{self.name}.jpg', 84)


def lantern():
    s = Studio('lantern', (236, 222, 196))
    s.loop((70, 66, 60), 172, 30, 308, 190, start=180, end=360, width=6)
    s.line((70, 66, 60), 175, 110, 175, 255, width=6)
    s.line((70, 66, 60), 305, 110, 305, 255, width=6)
    s.polygon((190, 84, 44), 190, 120, 215, 76, 265, 76, 290, 120)
    s.ellipse((190, 84, 44), 222, 62, 258, 90)
    s.box((246, 226, 170), 196, 118, 284, 232, radius=26, shine=.3)
    s.ellipse((255, 214, 120), 224, 160, 256, 222, shine=.1)
    s.ellipse((255, 246, 214), 232, 180, 248, 218, shine=.05)
    for x in (207, 240, 273):
        s.line((120, 62, 36), x, 118, x, 232, width=2)
    s.box((190, 84, 44), 188, 112, 292, 128, radius=6)
    s.box((190, 84, 44), 182, 226, 298, 246, radius=6)
    s.box((166, 70, 36), 168, 244, 312, 296, radius=18)
    s.save()


def mug():
    s = Studio('mug', (205, 216, 210))
    s.loop((36, 74, 64), 282, 140, 376, 250, width=20)
    s.box((40, 84, 72), 140, 118, 310, 296, radius=26)
    s.box((40, 84, 72), 140, 112, 310, 200, radius=4)
    s.ellipse((238, 234, 222), 138, 98, 312, 134, shine=.15)
    s.ellipse((74, 46, 28), 150, 106, 300, 132, shine=.35)
    s.polygon((232, 226, 208), 182, 240, 212, 186, 228, 212, 244, 196, 270, 240, shine=.1)
    s.ellipse((217, 119, 43), 240, 168, 260, 188, shine=.1)
    s.save()


def tent():
    s = Studio('tent', (206, 214, 196))
    s.polygon((206, 112, 46), 60, 292, 200, 84, 316, 100, 426, 286, shine=.35)
    s.polygon((224, 136, 62), 60, 292, 200, 84, 268, 296, shine=.25)
    s.polygon((58, 44, 32), 138, 294, 196, 122, 236, 295, shine=.3)
    s.polygon((240, 182, 110), 138, 294, 196, 122, 160, 294, shine=.2)
    s.line((244, 232, 208), 200, 84, 268, 296, width=3)
    s.line((244, 232, 208), 200, 84, 316, 100, width=3)
    s.line((90, 84, 74), 200, 84, 32, 306, width=2)
    s.line((90, 84, 74), 316, 100, 452, 302, width=2)
    s.save()


def daypack():
    s = Studio('daypack', (226, 214, 204))
    s.loop((60, 52, 44), 206, 40, 274, 110, start=180, end=360, width=9)
    s.box((44, 88, 78), 142, 76, 338, 302, radius=62)
    s.box((54, 106, 92), 126, 190, 172, 290, radius=16)
    s.box((38, 78, 68), 308, 190, 354, 290, radius=16)
    s.box((56, 110, 96), 164, 196, 316, 294, radius=22)
    s.polygon((196, 122, 58), 150, 128, 170, 96, 310, 96, 330, 128, 318, 178, 162, 178, shine=.35)
    for x in (196, 276):
        s.box((92, 58, 32), x, 160, x + 14, 226, radius=4)
        s.box((226, 200, 140), x - 2, 204, x + 16, 220, radius=3)
    s.box((238, 230, 212), 222, 232, 262, 258, radius=4, shine=.1)
    s.save()


def blanket():
    s = Studio('blanket', (214, 208, 198))
    for i, colour in enumerate([(146, 52, 44), (176, 70, 52), (146, 52, 44), (190, 86, 58)]):
        top = 232 - i * 44
        s.box(colour, 92 + i * 3, top, 388 - i * 3, top + 60, radius=28)
        for x, tint in ((120, (236, 222, 190)), (140, (40, 66, 58)), (316, (236, 222, 190)), (336, (40, 66, 58))):
            s.box(tint, x, top + 2, x + 11, top + 57, radius=2, shine=.2)
    for x in range(100, 380, 9):
        s.line((196, 170, 140), x, 288, x + 2, 306, width=2)
    s.save()


def kettle():
    s = Studio('kettle', (222, 220, 226))
    s.loop((56, 52, 50), 168, 40, 312, 200, start=180, end=360, width=8)
    s.polygon((74, 104, 132), 300, 190, 372, 132, 392, 146, 330, 250, shine=.3)
    s.ellipse((82, 114, 144), 132, 128, 348, 310)
    s.polygon((82, 114, 144), 168, 152, 196, 118, 284, 118, 312, 152)
    s.ellipse((66, 94, 122), 192, 106, 288, 134)
    s.ellipse((40, 36, 34), 226, 86, 254, 114)
    s.box((82, 114, 144), 150, 266, 330, 302, radius=14)
    s.line((226, 232, 238), 150, 196, 154, 230, width=5)
    s.save()


def icon():
    """The favicon and the logo: a hill and a sun."""
    image = Image.new('RGBA', (256, 256))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle([0, 0, 255, 255], 56, fill=(35, 66, 58))
    draw.ellipse([136, 48, 208, 120], fill=(224, 136, 62))
    draw.polygon([28, 208, 104, 84, 150, 154, 172, 128, 228, 208], fill=(246, 241, 231))
    image.save(SITE / 'favicon.ico', sizes=[(16, 16), (32, 32), (48, 48)])
    image.resize((64, 64), Image.LANCZOS).save(SITE / 'img/logo.png', optimize=True)


def main():
    dawn = dict(sky=[(86, 128, 152), (168, 190, 186), (246, 214, 164)], near=(22, 44, 38), far=(142, 162, 158), sun=(.68, .33))
    save(landscape(7, (1600, 640), **dawn), 'img/hero.jpg', 82)
    dusk = dict(sky=[(46, 56, 92), (150, 104, 120), (240, 162, 110)], near=(24, 26, 40), far=(126, 98, 118), sun=(.3, .46))
    evening = landscape(19, (960, 540), **dusk)
    save(evening, 'blog/media/ridge-960.jpg', 74)
    save(evening.resize((480, 270), Image.LANCZOS), 'blog/media/ridge-480.jpg', 74)
    noon = dict(sky=[(92, 146, 186), (160, 196, 210), (222, 230, 218)], near=(40, 68, 44), far=(150, 176, 178), sun=(.8, .12))
    morning = landscape(42, (960, 540), **noon)
    save(morning, 'blog/media/valley-960.jpg', 74)
    save(morning.resize((480, 270), Image.LANCZOS), 'blog/media/valley-480.jpg', 74)
    for product in (lantern, mug, tent, daypack, blanket, kettle):
        product()
    icon()


main()
