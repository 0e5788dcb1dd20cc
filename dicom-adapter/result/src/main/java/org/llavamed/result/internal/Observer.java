package org.llavamed.result.internal;

import static org.llavamed.result.internal.ContentItem.code;
import static org.llavamed.result.internal.ContentItem.text;
import static org.llavamed.result.internal.ContentItem.uid;

import java.util.List;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.result.internal.ContentItem.Relationship;

/**
 * Language (TID 1204) and observer (TID 1001, 1002, 1004): the model is the device that says it.
 */
final class Observer {
  private Observer() {}

  /** Returns what every document must say of its observer. */
  static List<ContentItem> context(Provenance provenance) {
    Relationship observer = Relationship.HAS_OBS_CONTEXT;
    return List.of(
        code(Relationship.HAS_CONCEPT_MOD, Concepts.LANGUAGE, Concepts.ENGLISH),
        code(observer, Concepts.OBSERVER_TYPE, Concepts.DEVICE),
        uid(observer, Concepts.DEVICE_UID, provenance.deviceUid()),
        text(observer, Concepts.DEVICE_NAME, provenance.modelName()),
        text(observer, Concepts.DEVICE_MANUFACTURER, ResearchMark.MANUFACTURER));
  }

  /** Returns what more a program may want to know of it. */
  static List<ContentItem> details(Provenance provenance) {
    Relationship observer = Relationship.HAS_OBS_CONTEXT;
    return List.of(
        text(
            observer,
            Concepts.DEVICE_MODEL,
            provenance.modelName() + " " + provenance.modelVersion()),
        text(observer, Concepts.DEVICE_SERIAL, provenance.annotation().model().identity()));
  }
}
