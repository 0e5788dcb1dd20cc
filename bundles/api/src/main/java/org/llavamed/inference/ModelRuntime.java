package org.llavamed.inference;

import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;

/** Opens model folders. */
@ProviderType
public interface ModelRuntime {
  /** Returns the folder of the model that is used where none is named. */
  Path defaultFolder();

  /**
   * Opens a model folder, checks the hash of every file and makes its sessions. The hash of a large
   * file that has not changed since is remembered; {@link #diagnose} computes all. Where the folder
   * has several graphs of one part, the first opening on a machine measures which are faster. The
   * caller closes the model.
   *
   * @throws ModelException if a file is missing, has another hash than llavamed.json states, is no
   *     model that this runtime can run, or needs more memory than there is
   */
  VisionLanguageModel open(Path folder);

  /**
   * Opens a model folder to look at what its graphs give. Hashes are checked as by {@link #open}.
   * The caller closes the inspection.
   *
   * @throws ModelException as {@link #open} does
   */
  ModelInspection inspect(Path folder);

  /**
   * Opens a model folder to look at one of its decoders, whatever the configuration chooses, in as
   * little memory as that takes: the vision tower is in memory only while it looks, the decoder
   * from the first tokens on, with room for {@value #INSPECTED_POSITIONS} positions. Hashes are
   * checked as by {@link #open}. The caller closes the inspection.
   *
   * @throws ModelException as {@link #open} does, {@linkplain ModelException#isOutOfMemory out of
   *     memory} where only that is missing
   */
  ModelInspection inspect(Path folder, Precision decoder);

  /** Positions that an inspection of one decoder has room for. */
  int INSPECTED_POSITIONS = 64;

  /**
   * Finds out what the machine has, what the model needs and whether it runs. Every file is hashed,
   * whatever is known of it. What is wrong is part of the result, not an exception.
   */
  Diagnosis diagnose(Path folder);
}
