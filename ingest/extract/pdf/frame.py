"""The coordinates of a PDF page as it is shown: x to the right, y downwards, in points."""

import math
from typing import Any


class Frame:
    """From the coordinates of a page's content to those of the page as it is shown."""

    def __init__(self, page: Any) -> None:
        left, bottom, right, top = (float(at) for at in page.get_bbox())
        self.rotation = page.get_rotation() % 360
        self.left, self.bottom, self.right, self.top = left, bottom, right, top
        sideways = self.rotation in {90, 270}
        self.width = top - bottom if sideways else right - left
        self.height = right - left if sideways else top - bottom

    def point(self, x: float, y: float) -> tuple[float, float]:
        """x to the right and y downwards from the shown page's top left corner."""
        if self.rotation == 90:
            return y - self.bottom, x - self.left
        if self.rotation == 180:
            return self.right - x, y - self.bottom
        if self.rotation == 270:
            return self.top - y, self.right - x
        return x - self.left, self.top - y

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of a rectangle on the shown page."""
        (x0, y0), (x1, y1) = self.point(left, bottom), self.point(right, top)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def turned(x: float, y: float, angle: int) -> tuple[float, float]:
    """The point as it stands when the page is turned so that text of `angle` runs to the right."""
    if angle == 0:
        return x, y
    sine, cosine = math.sin(math.radians(angle)), math.cos(math.radians(angle))
    return x * cosine - y * sine, x * sine + y * cosine
