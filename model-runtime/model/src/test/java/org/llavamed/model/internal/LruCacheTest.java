package org.llavamed.model.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LruCacheTest {
  @Test
  void letsGoWhatWasNotUsedForTheLongestTime() {
    LruCache<String, Integer> cache = new LruCache<>(10);
    cache.put("a", 1, 4);
    cache.put("b", 2, 4);
    assertThat(cache.get("a")).contains(1);
    cache.put("c", 3, 4);
    assertThat(cache.get("b")).isEmpty();
    assertThat(cache.get("a")).contains(1);
    assertThat(cache.makeRoom(7)).as("the last that had to go").contains(1);
    assertThat(cache.get("c")).isEmpty();
  }

  @Test
  void countsAValueThatIsPutAgainOnce() {
    LruCache<String, Integer> cache = new LruCache<>(10);
    cache.put("a", 1, 9);
    cache.put("a", 2, 4);
    cache.put("b", 3, 6);
    assertThat(cache.get("a")).contains(2);
    assertThat(cache.get("b")).contains(3);
  }

  @Test
  void keepsNothingThatIsLargerThanItself() {
    LruCache<String, Integer> cache = new LruCache<>(10);
    cache.put("a", 1, 10);
    cache.put("b", 2, 11);
    assertThat(cache.get("a")).contains(1);
    assertThat(cache.get("b")).isEmpty();
    cache.clear();
    assertThat(cache.get("a")).isEmpty();
  }
}
