package org.llavamed.importer.internal;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * An ONNX graph that grows node by node. A value is named by the node that makes it; nodes are
 * added in an order in which they can run. Equal calls give equal bytes.
 */
final class OnnxGraph {
  /** Standard operators are those of this version. */
  private static final long OPSET = 17;

  /** Version of the file format; any reader of {@link #OPSET} has it. */
  private static final long IR_VERSION = 8;

  private static final String MICROSOFT = "com.microsoft";
  private static final Set<String> MICROSOFT_OPERATORS =
      Set.of(
          "Gelu",
          "GroupQueryAttention",
          "MatMulIntegerToFloat",
          "MatMulNBits",
          "MultiHeadAttention",
          "QuickGelu",
          "RotaryEmbedding",
          "SkipLayerNormalization",
          "SkipSimplifiedLayerNormalization");

  private final GraphProto.Builder graph = GraphProto.newBuilder();
  private final ModelProto.Builder model = ModelProto.newBuilder();

  OnnxGraph(String name) {
    graph.setName(name);
  }

  /**
   * Declares an input.
   *
   * @param dims whole numbers, and names where the caller is free
   */
  void input(String name, DataType type, Object... dims) {
    graph.addInput(value(name, type, dims));
  }

  /** Declares an output: a value that a node makes. */
  void output(String name, DataType type, Object... dims) {
    graph.addOutput(value(name, type, dims));
  }

  /** Adds a node with one output, which it returns. */
  String node(String output, String operator, List<String> inputs, AttributeProto... attributes) {
    node(List.of(output), operator, inputs, attributes);
    return output;
  }

  /** Adds a node; an empty name stands for an output or input that is left out. */
  void node(
      List<String> outputs, String operator, List<String> inputs, AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setName(operator + "_" + graph.getNodeCount())
            .setOpType(operator)
            .setDomain(MICROSOFT_OPERATORS.contains(operator) ? MICROSOFT : "")
            .addAllInput(inputs)
            .addAllOutput(outputs)
            .addAllAttribute(Arrays.asList(attributes)));
  }

  /** Converts a value to another type. */
  String cast(String output, DataType type, String input) {
    return node(output, "Cast", List.of(input), attribute("to", type.getNumber()));
  }

  /** Adds a constant tensor, which it returns by name. */
  String weight(TensorProto tensor) {
    graph.addInitializer(tensor);
    return tensor.getName();
  }

  /** Adds a list of 64-bit numbers. */
  String longs(String name, long... numbers) {
    ByteBuffer bytes = little(8 * numbers.length);
    for (long number : numbers) {
      bytes.putLong(number);
    }
    return weight(inline(name, DataType.INT64, bytes).addDims(numbers.length).build());
  }

  /** Adds a 64-bit number without dimensions. */
  String scalar(String name, long number) {
    return weight(inline(name, DataType.INT64, little(8).putLong(number)).build());
  }

  /** Adds a float32 without dimensions. */
  String scalar(String name, float number) {
    return weight(inline(name, DataType.FLOAT, little(4).putFloat(number)).build());
  }

  /** Adds an unsigned byte, repeated over {@code dims}: none for a number without dimensions. */
  String unsignedByte(String name, int number, long... dims) {
    ByteBuffer bytes = little((int) LongStream.of(dims).reduce(1, Math::multiplyExact));
    while (bytes.hasRemaining()) {
      bytes.put((byte) number);
    }
    TensorProto.Builder tensor = inline(name, DataType.UINT8, bytes);
    LongStream.of(dims).forEach(tensor::addDims);
    return weight(tensor.build());
  }

  /** Says something about the graph to who runs it. */
  void metadata(String key, String value) {
    model.addMetadataProps(StringStringEntryProto.newBuilder().setKey(key).setValue(value));
  }

  /** Returns the bytes of the file. */
  byte[] toBytes() {
    return model
        .clone()
        .setIrVersion(IR_VERSION)
        .setProducerName("LLaVA-Med for DICOM")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(MICROSOFT).setVersion(1))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  /** A whole number of a node. */
  static AttributeProto attribute(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  /** A float32 of a node. */
  static AttributeProto attribute(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  /** A list of whole numbers of a node. */
  static AttributeProto attributes(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static TensorProto.Builder inline(String name, DataType type, ByteBuffer bytes) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(type.getNumber())
        .setRawData(ByteString.copyFrom(bytes.flip()));
  }

  private static ValueInfoProto value(String name, DataType type, Object... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (Object dim : dims) {
      shape.addDim(
          dim instanceof Integer number
              ? Dimension.newBuilder().setDimValue(number)
              : Dimension.newBuilder().setDimParam((String) dim));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape)))
        .build();
  }
}
