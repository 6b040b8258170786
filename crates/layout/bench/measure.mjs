// Looks at a drawing, whoever made it: all drawings are judged by this and nothing else.

/**
 * `graph` has `nodes` ({ w, h }) and `edges` ([from, to]); `at` is the centre of every node, two numbers each.
 *
 * Edges are taken to be straight from centre to centre, so that who bends them gains nothing.
 */
export function measure({ nodes, edges }, at) {
  let length = 0;
  const lines = [];
  for (const [from, to] of edges) {
    const [ax, ay, bx, by] = [at[2 * from], at[2 * from + 1], at[2 * to], at[2 * to + 1]];
    length += Math.hypot(bx - ax, by - ay);
    if (from !== to) lines.push({ from, to, ax, ay, bx, by, left: Math.min(ax, bx), right: Math.max(ax, bx) });
  }
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  nodes.forEach(({ w, h }, node) => {
    const [x, y] = [at[2 * node], at[2 * node + 1]];
    [left, right] = [Math.min(left, x - w / 2), Math.max(right, x + w / 2)];
    [top, bottom] = [Math.min(top, y - h / 2), Math.max(bottom, y + h / 2)];
  });
  return {
    crossings: crossings(lines),
    length: length / Math.max(edges.length, 1),
    overlaps: overlaps(nodes, at),
    aspect: (right - left) / (bottom - top),
  };
}

/** Pairs of lines that cross; those that share an end do not. A sweep from left to right. */
function crossings(lines) {
  lines.sort((one, other) => one.left - other.left);
  let [count, open] = [0, []];
  for (const line of lines) {
    open = open.filter((other) => other.right > line.left);
    const [low, high] = [Math.min(line.ay, line.by), Math.max(line.ay, line.by)];
    for (const other of open) {
      if (Math.max(other.ay, other.by) <= low || Math.min(other.ay, other.by) >= high) continue;
      if (other.from === line.from || other.to === line.to || other.from === line.to || other.to === line.from) continue;
      if (apart(line, other) && apart(other, line)) count += 1;
    }
    open.push(line);
  }
  return count;
}

/** Whether the ends of one line lie on different sides of the other. */
function apart({ ax, ay, bx, by }, other) {
  const side = (x, y) => (bx - ax) * (y - ay) - (by - ay) * (x - ax);
  return side(other.ax, other.ay) * side(other.bx, other.by) < 0;
}

/** Pairs of nodes that have more in common than a border. */
function overlaps(nodes, at) {
  const slack = 0.05;
  const order = nodes.map((_, node) => node).sort((one, other) => at[2 * one] - nodes[one].w / 2 - at[2 * other] + nodes[other].w / 2);
  let [count, open] = [0, []];
  for (const node of order) {
    const [x, y] = [at[2 * node], at[2 * node + 1]];
    open = open.filter((other) => at[2 * other] + nodes[other].w / 2 > x - nodes[node].w / 2 + slack);
    count += open.filter((other) => Math.abs(at[2 * other + 1] - y) < (nodes[other].h + nodes[node].h) / 2 - slack).length;
    open.push(node);
  }
  return count;
}
