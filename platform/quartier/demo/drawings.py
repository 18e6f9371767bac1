"""Pictures for the demo city, drawn by code: a square with water, a pond, a brook, trees on a school yard, a sail, a river bath.

Flat shapes in the colours of the product, different for every name. Nobody has to be asked for a licence.
"""

from __future__ import annotations

import io
import math
import random
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT, FINE = 1200, 800, 2
Colour = tuple[int, int, int]

SKIES: tuple[tuple[Colour, Colour], ...] = (
    ((196, 226, 236), (250, 244, 226)),
    ((178, 212, 230), (252, 236, 214)),
    ((214, 232, 226), (253, 248, 236)),
)
LEAVES: tuple[Colour, ...] = ((46, 110, 78), (66, 132, 84), (92, 150, 82), (34, 90, 72), (120, 164, 88))
WALLS: tuple[Colour, ...] = (
    (244, 222, 190),
    (232, 196, 160),
    (240, 232, 214),
    (214, 150, 118),
    (226, 208, 178),
)
ROOFS: tuple[Colour, ...] = ((164, 78, 58), (138, 66, 56), (92, 84, 88), (180, 96, 64))
CLOTHES: tuple[Colour, ...] = ((214, 92, 70), (38, 104, 142), (236, 178, 62), (120, 76, 132), (40, 120, 96))
SKINS: tuple[Colour, ...] = ((240, 206, 178), (198, 146, 110), (134, 88, 62), (92, 60, 46))


class Scene:
    """A canvas with a few things it can draw; coordinates are those of a picture of 1200 to 800."""

    def __init__(self, name: str) -> None:
        self.dice = random.Random(name)  # noqa: S311 - always the same picture for the same name
        self.image = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE))
        self.draw = ImageDraw.Draw(self.image)
        top, bottom = self.dice.choice(SKIES)
        for y in range(HEIGHT * FINE):
            share = min(1.0, y / (HEIGHT * FINE * 0.6))
            line = tuple(round(a + (b - a) * share) for a, b in zip(top, bottom, strict=True))
            self.draw.line([(0, y), (WIDTH * FINE, y)], fill=line)
        x = self.dice.randint(160, 1040)
        self.circle(x, 130, 58, (255, 232, 168))

    def points(self, *found: tuple[float, float]) -> list[tuple[float, float]]:
        return [(x * FINE, y * FINE) for x, y in found]

    def shape(self, colour: Colour, *found: tuple[float, float]) -> None:
        self.draw.polygon(self.points(*found), fill=colour)

    def box(
        self, x: float, y: float, width: float, height: float, colour: Colour, round_by: float = 0
    ) -> None:
        corners = [x * FINE, y * FINE, (x + width) * FINE, (y + height) * FINE]
        self.draw.rounded_rectangle(corners, radius=round_by * FINE, fill=colour)

    def circle(self, x: float, y: float, radius: float, colour: Colour, flat: float = 1.0) -> None:
        corners = [
            (x - radius) * FINE,
            (y - radius * flat) * FINE,
            (x + radius) * FINE,
            (y + radius * flat) * FINE,
        ]
        self.draw.ellipse(corners, fill=colour)

    def path(self, colour: Colour, width: float, *found: tuple[float, float]) -> None:
        self.draw.line(self.points(*found), fill=colour, width=round(width * FINE), joint="curve")

    def hills(self, horizon: float) -> None:
        for number, colour in enumerate(((168, 196, 168), (130, 172, 138))):
            swing, shift = 46 - 14 * number, self.dice.uniform(0, 6)
            line = [
                (x, horizon - 60 + 48 * number + swing * math.sin(x / 210 + shift))
                for x in range(0, WIDTH + 20, 20)
            ]
            self.shape(colour, *line, (WIDTH, HEIGHT), (0, HEIGHT))

    def ground(self, horizon: float, colour: Colour) -> None:
        self.box(0, horizon, WIDTH, HEIGHT - horizon, colour)

    def tree(self, x: float, foot: float, size: float) -> None:
        self.circle(x + size * 0.2, foot, size * 0.5, (72, 104, 84), 0.16)
        self.box(x - size * 0.05, foot - size * 0.7, size * 0.1, size * 0.7, (112, 82, 62), size * 0.03)
        for _n in range(9):
            turn, far = self.dice.uniform(0, math.tau), self.dice.uniform(0, size * 0.3)
            self.circle(
                x + far * math.cos(turn), foot - size * 0.95 + far * 0.8 * math.sin(turn),
                size * self.dice.uniform(0.2, 0.32), self.dice.choice(LEAVES),
            )  # fmt: skip

    def houses(self, foot: float) -> None:
        x = -30.0
        while x < WIDTH:
            width, height = self.dice.randint(110, 190), self.dice.randint(120, 230)
            self.box(x, foot - height, width, height, self.dice.choice(WALLS))
            rise = self.dice.randint(50, 90)
            self.shape(
                self.dice.choice(ROOFS), (x - 8, foot - height), (x + width / 2, foot - height - rise),
                (x + width + 8, foot - height),
            )  # fmt: skip
            for row in range(int(height // 62)):
                for column in range(int(width // 48)):
                    self.box(x + 16 + column * 46, foot - height + 18 + row * 60, 22, 32, (98, 122, 130), 3)
            x += width + self.dice.choice((0, 0, 4))

    def person(self, x: float, foot: float, size: float) -> None:
        clothes, skin = self.dice.choice(CLOTHES), self.dice.choice(SKINS)
        self.circle(x + size * 0.1, foot, size * 0.24, (96, 104, 92), 0.2)
        self.box(x - size * 0.11, foot - size * 0.45, size * 0.09, size * 0.45, (52, 62, 76), size * 0.04)
        self.box(x + size * 0.02, foot - size * 0.45, size * 0.09, size * 0.45, (52, 62, 76), size * 0.04)
        self.box(x - size * 0.16, foot - size * 0.82, size * 0.32, size * 0.46, clothes, size * 0.12)
        self.circle(x, foot - size * 0.95, size * 0.13, skin)

    def bench(self, x: float, foot: float, width: float) -> None:
        self.box(x, foot - 26, width, 9, (150, 104, 70), 3)
        self.box(x, foot - 50, width, 9, (150, 104, 70), 3)
        for leg in (x + 12, x + width - 18):
            self.box(leg, foot - 50, 6, 50, (84, 88, 90))

    def water(self, *found: tuple[float, float]) -> None:
        self.shape((112, 176, 196), *found)

    def ripples(self, left: float, right: float, top: float, bottom: float, many: int) -> None:
        for _n in range(many):
            x, y, long = (
                self.dice.uniform(left, right),
                self.dice.uniform(top, bottom),
                self.dice.uniform(30, 90),
            )
            self.path((176, 216, 224), 4, (x, y), (x + long, y))

    def done(self) -> bytes:
        out = io.BytesIO()
        small = self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        small.filter(ImageFilter.UnsharpMask(1, 40)).save(out, "JPEG", quality=90)
        return out.getvalue()


def square(scene: Scene) -> None:
    scene.hills(380)
    scene.houses(440)
    scene.ground(440, (226, 210, 184))
    scene.water((470, 440), (500, 440), (640, 800), (420, 800))
    scene.ripples(480, 560, 520, 790, 12)
    for x, foot, size in ((170, 520, 240), (1010, 530, 260), (320, 470, 170)):
        scene.tree(x, foot, size)
    scene.bench(180, 640, 170)
    for x, foot, size in ((400, 640, 120), (700, 600, 110), (760, 620, 84), (900, 720, 140)):
        scene.person(x, foot, size)


def pond(scene: Scene) -> None:
    scene.hills(400)
    scene.ground(430, (140, 176, 112))
    for x, foot, size in ((120, 470, 220), (300, 455, 180), (1000, 470, 250), (860, 450, 170)):
        scene.tree(x, foot, size)
    scene.circle(600, 620, 470, (122, 158, 98), 0.3)
    scene.circle(600, 618, 440, (112, 176, 196), 0.28)
    scene.ripples(260, 860, 560, 690, 22)
    for x in (210, 240, 262, 960, 990):
        scene.path((78, 120, 66), 6, (x, 660), (x + 6, 540))
        scene.circle(x + 7, 536, 9, (128, 90, 60), 2.2)
    scene.bench(520, 780, 190)
    scene.person(790, 775, 120)


def brook(scene: Scene) -> None:
    scene.hills(390)
    scene.ground(420, (150, 184, 118))
    scene.water(
        (560, 420), (600, 420), (660, 520), (560, 600), (760, 800), (420, 800), (440, 600), (590, 510)
    )
    scene.ripples(470, 640, 600, 780, 14)
    for _n in range(16):
        scene.circle(scene.dice.choice((scene.dice.uniform(380, 440), scene.dice.uniform(690, 780))),
                     scene.dice.uniform(620, 780), scene.dice.uniform(10, 26), (172, 168, 158), 0.7)  # fmt: skip
    for x, foot, size in (
        (150, 500, 260),
        (1000, 520, 280),
        (370, 450, 150),
        (820, 450, 170),
        (1130, 640, 330),
    ):
        scene.tree(x, foot, size)
    for x, foot, size in ((330, 700, 104), (290, 720, 92), (860, 700, 130)):
        scene.person(x, foot, size)


def yard(scene: Scene) -> None:
    scene.hills(360)
    scene.box(120, 190, 960, 240, (236, 216, 180))
    scene.box(110, 170, 980, 26, (150, 78, 60))
    for row in range(2):
        for column in range(11):
            scene.box(160 + column * 84, 222 + row * 96, 46, 62, (104, 136, 148), 4)
    scene.ground(430, (214, 204, 186))
    for x, foot, size in ((150, 620, 280), (420, 560, 230), (760, 570, 240), (1050, 640, 300)):
        scene.circle(x, foot, size * 0.34, (146, 182, 116), 0.24)
        scene.tree(x, foot, size)
    for x, foot, size in ((300, 700, 110), (350, 720, 100), (560, 660, 96), (640, 740, 116), (880, 720, 104)):
        scene.person(x, foot, size)
    scene.bench(940, 770, 170)


def sail(scene: Scene) -> None:
    scene.hills(400)
    scene.ground(430, (150, 184, 118))
    for x, foot, size in ((90, 480, 220), (1120, 490, 240)):
        scene.tree(x, foot, size)
    scene.circle(600, 650, 330, (204, 186, 150), 0.32)
    scene.circle(600, 645, 310, (238, 220, 178), 0.3)
    for x, top in ((300, 260), (900, 230), (760, 420)):
        scene.box(x - 6, top, 12, 640 - top, (120, 118, 112), 4)
    scene.shape((226, 122, 84), (300, 262), (900, 232), (762, 424))
    scene.shape((240, 152, 104), (300, 262), (900, 232), (600, 300))
    for x, foot, size in ((500, 680, 84), (560, 700, 76), (690, 660, 80), (840, 720, 130)):
        scene.person(x, foot, size)
    scene.bench(160, 720, 170)


def river(scene: Scene) -> None:
    scene.hills(360)
    for x, foot, size in ((100, 420, 190), (260, 410, 150), (900, 420, 200), (1080, 430, 220)):
        scene.tree(x, foot, size)
    scene.ground(420, (112, 176, 196))
    scene.ripples(20, 1150, 450, 700, 46)
    scene.box(240, 560, 560, 34, (186, 142, 98), 4)
    for x in range(260, 800, 90):
        scene.box(x, 594, 12, 60, (126, 94, 66))
    for x, foot, size in ((320, 562, 120), (420, 562, 96), (700, 562, 128)):
        scene.person(x, foot, size)
    for x, y in ((920, 560), (1010, 640), (560, 720)):
        scene.circle(x, y, 17, scene.dice.choice(SKINS))
        scene.path((206, 232, 236), 5, (x - 40, y + 16), (x + 40, y + 16))
    scene.shape((238, 220, 178), (0, 800), (0, 700), (420, 760), (520, 800))


SCENES: dict[str, Callable[[Scene], None]] = {
    "square": square, "pond": pond, "brook": brook, "yard": yard, "sail": sail, "river": river,
}  # fmt: skip


def picture_of(scene: str, name: str) -> bytes:
    """A JPEG of this scene; another name, another picture."""
    canvas = Scene(f"{scene} {name}")
    SCENES[scene](canvas)
    return canvas.done()
