package org.llavamed.importer.internal;

import static org.llavamed.importer.internal.OnnxGraph.attribute;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.List;

/**
 * Lets one run read the beginnings of several sequences that go on behind the same prefix: its
 * branches, one behind the other in one row of the cache. The mask then has a one for what all may
 * see, and 2, 3 and so on for the positions of the branches, which do not see each other; the
 * position that a token is rotated by counts what it sees. A mask of zeros and ones means what it
 * means elsewhere.
 *
 * @param bias [batch, 1, sequence, total], 0 where a new position sees one, else far below
 * @param positions position_ids [batch, sequence]
 */
record Branches(String bias, String positions) {
  /** Key of the graph's metadata that says that it reads branches. */
  static final String KEY = "llavamed.branches";

  private static final float UNSEEN = -1e9f;

  /**
   * Adds the nodes, after those of {@code axis_1} and {@code one}.
   *
   * @param before number of positions before this run
   * @param total number of positions after it
   */
  static Branches of(OnnxGraph graph, String before, String total) {
    graph.metadata(KEY, "1");
    String seen = seen(graph, before, total);
    String zero = graph.scalar("branch.zero", 0f);
    String unseen = graph.scalar("branch.unseen", UNSEEN);
    String weight = graph.node("branch.weight", "Where", List.of(seen, zero, unseen));
    String bias = graph.node("branch.bias", "Unsqueeze", List.of(weight, "axis_1"));
    String counted =
        graph.node("branch.counted", "And", List.of(seen, earlier(graph, before, total)));
    String number = graph.cast("branch.number", DataType.INT64, counted);
    String last = graph.longs("branch.axis_2", 2);
    String count =
        graph.node("branch.count", "ReduceSum", List.of(number, last), attribute("keepdims", 0));
    return new Branches(bias, graph.node("branch.positions", "Sub", List.of(count, "one")));
  }

  /** Returns [batch, sequence, total]: whether a new position may see one, were it earlier. */
  private static String seen(OnnxGraph graph, String before, String total) {
    String flat = graph.longs("branch.flat", -1);
    String from = graph.node("branch.from", "Reshape", List.of(before, flat));
    String to = graph.node("branch.to", "Reshape", List.of(total, flat));
    String own = graph.node("branch.own", "Slice", List.of("attention_mask", from, to, "axis_1"));
    String columns = graph.node("branch.columns", "Unsqueeze", List.of("attention_mask", "axis_1"));
    String rows =
        graph.node("branch.rows", "Unsqueeze", List.of(own, graph.longs("branch.behind", 2)));
    String same = graph.node("branch.same", "Equal", List.of(rows, columns));
    String filled =
        graph.node("branch.filled", "Greater", List.of(columns, graph.scalar("branch.none", 0L)));
    String alike = graph.node("branch.alike", "And", List.of(same, filled));
    String shared = graph.node("branch.shared", "Equal", List.of(columns, "one"));
    return graph.node("branch.seen", "Or", List.of(alike, shared));
  }

  /** Returns [sequence, total]: whether a position is a new one or before it. */
  private static String earlier(OnnxGraph graph, String before, String total) {
    String first = graph.scalar("branch.first", 0L);
    String columns = graph.node("branch.all", "Range", List.of(first, total, "one"));
    String rows = graph.node("branch.new", "Range", List.of(before, total, "one"));
    String lines = graph.node("branch.lines", "Unsqueeze", List.of(rows, "axis_1"));
    return graph.node("branch.earlier", "LessOrEqual", List.of(columns, lines));
  }
}
