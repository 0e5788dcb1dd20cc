package org.llavamed.dicom;

import java.util.List;
import org.llavamed.contract.FuzzTargetContract;
import org.llavamed.fuzz.FuzzTarget;

class FuzzTargetsTest extends FuzzTargetContract {
  @Override
  protected List<FuzzTarget> targets() {
    return List.of(new Part10FuzzTarget(), new JsonFuzzTarget());
  }
}
