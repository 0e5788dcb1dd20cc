package org.llavamed.inference;

import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;

/** Opens model folders. */
@ProviderType
public interface ModelRuntime {
  /** Returns the folder of the model that is used where none is named. */
  Path defaultFolder();

  /**
   * Opens a model folder, checks the hash of every file and makes its sessions. The caller closes
   * the model.
   *
   * @throws ModelException if a file is missing, has another hash than llavamed.json states, or is
   *     no model that this runtime can run
   */
  VisionLanguageModel open(Path folder);

  /**
   * Opens a model folder to look at what its graphs give. Hashes are checked as by {@link #open}.
   * The caller closes the inspection.
   *
   * @throws ModelException as {@link #open} does
   */
  ModelInspection inspect(Path folder);
}
