package org.llavamed.imaging;

/** The type of one stored value. */
public enum SampleType {
  UINT8("uint8", 1),
  INT8("int8", 1),
  UINT16("uint16", 2),
  INT16("int16", 2),
  UINT32("uint32", 4),
  INT32("int32", 4),
  FLOAT32("float32", 4),
  FLOAT64("float64", 8);

  private final String numpyName;
  private final int bytes;

  SampleType(String numpyName, int bytes) {
    this.numpyName = numpyName;
    this.bytes = bytes;
  }

  /** Returns the name that NumPy uses, for example {@code int16}. */
  public String numpyName() {
    return numpyName;
  }

  /** Returns the size of one value, in bytes. */
  public int bytes() {
    return bytes;
  }
}
