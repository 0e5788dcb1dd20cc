package org.llavamed.render.internal;

import java.util.HashMap;
import java.util.Map;
import org.llavamed.imaging.Attributes;

/**
 * The graphic layers of a presentation state (PS3.3 C.10.7).
 *
 * @param layers by name
 */
record GraphicLayers(Map<String, Layer> layers) {
  private static final int GRAPHIC_LAYER = 0x00700002;
  private static final int GRAPHIC_LAYER_SEQUENCE = 0x00700060;
  private static final int GRAPHIC_LAYER_ORDER = 0x00700062;
  private static final int RECOMMENDED_DISPLAY_GRAYSCALE_VALUE = 0x00700066;
  private static final int WHITE = 0xFFFF;
  private static final Layer UNNAMED = new Layer(Integer.MAX_VALUE, grey(WHITE));

  /**
   * A layer.
   *
   * @param order lower ones are drawn first
   * @param grey 0 to 255
   */
  record Layer(int order, int grey) {}

  static GraphicLayers of(Attributes state) {
    Map<String, Layer> layers = new HashMap<>();
    for (Attributes item : state.items(GRAPHIC_LAYER_SEQUENCE)) {
      layers.put(
          item.string(GRAPHIC_LAYER).orElse(""),
          new Layer(
              item.integer(GRAPHIC_LAYER_ORDER).orElse(0),
              grey(item.integer(RECOMMENDED_DISPLAY_GRAYSCALE_VALUE).orElse(WHITE))));
    }
    return new GraphicLayers(layers);
  }

  /** Returns a layer; white and on top where the state does not describe it. */
  Layer of(String name) {
    return layers.getOrDefault(name, UNNAMED);
  }

  /** Returns the layer of an item of Graphic Annotation Sequence. */
  Layer ofItem(Attributes item) {
    return of(item.string(GRAPHIC_LAYER).orElse(""));
  }

  /** Brings a P-value, 0 to 65535, to 0 to 255. */
  static int grey(int pValue) {
    return (Math.max(0, Math.min(WHITE, pValue)) * 255 + WHITE / 2) / WHITE;
  }
}
