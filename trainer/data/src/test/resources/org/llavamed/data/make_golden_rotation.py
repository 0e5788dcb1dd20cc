"""Makes golden-rotation.txt: a small grey picture turned by Pillow, bilinear, counterclockwise.

First line: width, height; then for each angle a line of it and a line of all pixels. The pixel
(x, y) of the picture is (x + 2 y) 5 + (x y mod 7). Run in this folder with Pillow.
"""

from PIL import Image

WIDTH, HEIGHT = 17, 12

picture = Image.new("L", (WIDTH, HEIGHT))
picture.putdata([(x + 2 * y) * 5 + (x * y) % 7 for y in range(HEIGHT) for x in range(WIDTH)])
with open("golden-rotation.txt", "w") as out:
    print(WIDTH, HEIGHT, file=out)
    for angle in (-10, 3.5, 20):
        turned = picture.rotate(angle, Image.Resampling.BILINEAR)
        print(angle, file=out)
        print(*turned.tobytes(), file=out)
