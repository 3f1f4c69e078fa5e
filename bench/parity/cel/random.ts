/**
 * Expressions that nobody wrote down: put together by chance from what CEL and Kubernetes' libraries have, over the claims of a
 * token (`index.ts`). Most fit their types; some do not, so that what is refused is compared too.
 */
import { randomOf } from "../part";

/** What an expression shall give, as far as the generator cares. */
type Kind = "text" | "int" | "double" | "bool" | "texts" | "list" | "map" | "optional" | "any" | "time" | "span" | "object";
type Random = () => number;
type Maker = (make: (kind: Kind) => string, pick: <Item>(...items: readonly Item[]) => Item) => string;

const leaves: Readonly<Record<Kind, readonly string[]>> = {
  text: [
    "claims.a",
    "claims.sub",
    "claims.roles",
    "claims.u",
    "claims.e",
    "claims.es",
    "'x'",
    "'a,b'",
    "''",
    "claims.m.k",
    "'ß😀'",
    'r"\\d+"',
    "claims['a']",
  ],
  int: ["0", "1", "2", "-1", "size(claims.g)", "9223372036854775807", "0x10"],
  double: ["claims.n", "claims.d", "1.5", "0.0", "-2.5e3", "double(3)"],
  bool: [
    "true",
    "false",
    "claims.b",
    "has(claims.a)",
    "has(claims.zz)",
    "'a' in claims",
    "has(claims.m.k)",
    "has(claims.objs[0].n)",
    "has(claims.objs[1].r)",
  ],
  texts: ["claims.g", "dyn(claims.g)", "['a', 'b']", "dyn(claims.groups)", "claims.roles.split(',')", "claims.objs[0].r"],
  list: ["[1, 2, 3]", "[]", "dyn(claims.objs)", "claims.empty", "[1.5]", "[[1], [2, 3]]", "claims.m.l", "dyn(['a', 1])"],
  map: [
    "{'k': 'v'}",
    "{}",
    "claims.m",
    "{1: 'a', 2: 'b'}",
    "dyn({'a': 1, 'b': 2.0})",
    "claims.objs[0]",
    "{true: 1}",
    "claims.example__dot__com",
    "claims['example.com']",
  ],
  optional: [
    "claims.?a",
    "claims.?zz",
    "claims.m.?k",
    "claims[?'n']",
    "optional.of(1)",
    "optional.none()",
    "claims.?m.?k",
    "claims.?g[?0]",
  ],
  any: [
    "claims.nul",
    "null",
    "claims.b",
    "claims.zz",
    "claims",
    "b'ab'",
    "5u",
    "type(1)",
    "duration('1h30m')",
    "timestamp('2026-01-02T03:04:05Z')",
  ],
  time: ["timestamp('2026-01-02T03:04:05Z')", "timestamp(1700000000)", "timestamp('2026-01-02T3:04:05.0Z')", "timestamp(0)"],
  span: [
    "duration('1h30m')",
    "duration('0')",
    "duration('-1.5s')",
    "duration('1us')",
    "duration(5)",
    "duration('+90m')",
    "duration('.5h')",
  ],
  object: ["url(claims.u)", "ip(claims.ip)", "cidr('10.0.0.0/8')", "quantity('1.5Gi')", "semver('1.2.3-a')", "format.dns1123Label()"],
};

const makers: Readonly<Record<Kind, readonly Maker[]>> = {
  text: [
    (make) => `${make("text")} + ${make("text")}`,
    (make, pick) => `${make("text")}.${pick("lowerAscii", "upperAscii", "trim")}()`,
    (make) => `${make("text")}.replace(${make("text")}, ${make("text")})`,
    (make) => `${make("text")}.substring(${make("int")})`,
    (make) => `${make("text")}.charAt(${make("int")})`,
    (make) => `${make("texts")}.join(${make("text")})`,
    (make) => `${make("optional")}.orValue(${make("text")})`,
    (make) => `string(${make("any")})`,
    (make) => `string(${make("int")})`,
    (make) => `string(${make("double")})`,
    (make) => `${make("bool")} ? ${make("text")} : ${make("text")}`,
    (make, pick) =>
      `'${pick("%s", "%s-%s", "%d", "%.2f", "%x")}'.format([${make(pick("text", "int", "double", "list", "map", "any"))}${pick("", `, ${make("any")}`)}])`,
    (make) => `${make("texts")}[${make("int")}]`,
    (make) => `strings.quote(${make("text")})`,
    (make, pick) => `${make("text")}.find('${pick("[a-z]+", "^x", "\\\\w")}')`,
  ],
  int: [
    (make, pick) => `${make("int")} ${pick("+", "-", "*", "/", "%")} ${make("int")}`,
    (make, pick) => `size(${make(pick("text", "texts", "list", "map"))})`,
    (make) => `int(${make("double")})`,
    (make) => `int(${make("text")})`,
    (make) => `${make("text")}.indexOf(${make("text")})`,
    (make) => `${make("texts")}.size()`,
    (make) => `[${make("int")}, ${make("int")}].max()`,
    (make) => `-(${make("int")})`,
    (make) => `${make("list")}.indexOf(${make("int")})`,
  ],
  double: [
    (make, pick) => `${make("double")} ${pick("+", "-", "*", "/")} ${make("double")}`,
    (make) => `double(${make("int")})`,
    (make) => `double(${make("text")})`,
    (make) => `[${make("double")}].sum()`,
  ],
  bool: [
    (make, pick) => `${make("bool")} ${pick("&&", "||", "==", "!=")} ${make("bool")}`,
    (make) => `!${make("bool")}`,
    (make, pick) => `${make("text")}.${pick("startsWith", "endsWith", "contains")}(${make("text")})`,
    (make, pick) => `${make("int")} ${pick("<", "<=", ">", ">=", "==", "!=")} ${make(pick("int", "double"))}`,
    (make, pick) => `${make("double")} ${pick("<", "<=", ">", "==")} ${make(pick("int", "double"))}`,
    (make, pick) => `${make("text")} ${pick("<", "==", "!=", ">=")} ${make("text")}`,
    (make) => `${make("text")} in ${make("texts")}`,
    (make) => `${make("any")} in ${make("list")}`,
    (make) => `${make("text")} in ${make("map")}`,
    (make, pick) =>
      `${make("texts")}.${pick("all", "exists", "exists_one")}(x, ${pick("x == 'a'", "x != ''", "x.startsWith('a')", make("bool"))})`,
    (make, pick) => `dyn(${make("list")}).${pick("all", "exists")}(x, ${pick("x == 1", "x > 0", "has(x.n)", "x.n == 'x'", "x in [1]")})`,
    (make, pick) => `${make("map")}.${pick("all", "exists")}(k, ${pick("k == 'k'", "k != 1", make("bool"))})`,
    (make, pick) => `dyn(${make("map")}).${pick("all", "exists")}(k, v, ${pick("k == 'k'", "v == 1", "v != 'v'")})`,
    (_, pick) =>
      `claims.${pick("all", "exists", "exists_one", "existsOne")}(c, ${pick("c == 'xy'", "c == true", "c != 1", "type(c) == string", "size(c) > 0", "c == null", "c.k == 'v'", "'a' in c")})`,
    (make) => `${make("optional")}.hasValue()`,
    (make, pick) =>
      `type(${make(pick("any", "text", "int", "list", "map"))}) == ${pick("string", "int", "double", "list", "map", "null_type", "bool")}`,
    (make) => `${make("any")} == ${make("any")}`,
    (make, pick) => `${make(pick("list", "map", "texts"))} ${pick("==", "!=")} ${make(pick("list", "map", "texts"))}`,
    (make) => `${make("text")}.matches('^[a-z]+$')`,
    (make, pick) => `has(${make("map")}.${pick("k", "zz", "z__dot__y", "n", "roles")})`,
    (_, pick) =>
      `has(claims.${pick("m.k", "m.zz", "example__dot__com.roles", "example__dot__com", "objs[0].r", "nested__dot__list.l[0].q", "zz.k", "m.z__dot__y")})`,
    (make, pick) => `sets.${pick("contains", "intersects", "equivalent")}(${make("texts")}, ${make("texts")})`,
    (make, pick) => `${pick("isURL", "isIP", "isQuantity", "isSemver")}(${make("text")})`,
    (make) => `bool(${make("text")})`,
  ],
  texts: [
    (make, pick) => `${make("texts")}.map(x, ${pick("x + '!'", "'p:' + x", "x", "x.upperAscii()", make("text"))})`,
    (make, pick) => `dyn(${make("texts")}).map(x, ${pick("x + '!'", "'p:' + x", "x", "string(x)")})`,
    (make, pick) => `dyn(${make("texts")}).filter(x, ${pick("x != 'a'", "x.startsWith('a')", "x in claims.g", make("bool"))})`,
    (make, pick) => `dyn(${make("texts")}).map(x, ${pick("x != 'a'", "x.startsWith('g')")}, ${pick("x", "x + x")})`,
    (make) => `${make("texts")} + ${make("texts")}`,
    (make) => `${make("text")}.split(${make("text")})`,
    (make, pick) => `${make("texts")}.${pick("sort", "distinct", "reverse")}()`,
    (make) => `${make("texts")}.slice(0, ${make("int")})`,
    (make) => `[${make("text")}, ${make("text")}]`,
    (make) => `${make("bool")} ? ${make("texts")} : []`,
    (make) => `${make("optional")}.orValue(${make("texts")})`,
    (make) => `${make("text")}.findAll('[a-z]')`,
  ],
  list: [
    (make) => `[${make("int")}, ${make("int")}]`,
    (make) => `[${make("any")}, ${make("text")}]`,
    (make) => `[dyn(${make("any")}), ${make("text")}]`,
    (make, pick) => `dyn(${make("list")}).map(x, ${pick("x", "[x]", "x == 1", "{'k': x}", "{1: x}", "type(x)", "string(x)")})`,
    (make, pick) => `dyn(${make("list")}).filter(x, ${pick("x != 1", "true", "has(x.r)")})`,
    (make) => `${make("list")} + ${make("list")}`,
    (_, pick) => `lists.range(${pick("0", "3", "-1")})`,
    (make) => `${make("list")}.flatten()`,
    (make, pick) => `${make("map")}.map(k, ${pick("k", "string(k)", "1")})`,
    (make, pick) => `dyn(${make("list")}).${pick("transformList(i, v, i)", "transformList(i, v, v)", "transformList(i, v, i > 0, v)")}`,
    (make) => `${make("list")}.sort()`,
  ],
  map: [
    (make) => `{${make("text")}: ${make("text")}, 'q': ${make("text")}}`,
    (make) => `{${make("int")}: ${make("any")}}`,
    (make, pick) => `{${pick("1", "1.0", "1u", "true", "'a'")}: ${make("text")}}`,
    (make) => `dyn({'x': ${make("any")}, 'y': ${make("int")}})`,
    (make, pick) => `dyn(${make("list")}).transformMap(i, v, ${pick("v", "i", "i > 0, v")})`,
    (make) => `dyn(${make("texts")}).transformMapEntry(i, v, {v: i})`,
    (make) => `${make("map")}.k`,
  ],
  optional: [
    (make, pick) => `${make("map")}.?${pick("k", "zz", "a")}`,
    (make, pick) => `${make("map")}[?${pick("'k'", "1", "'zz'")}]`,
    (make) => `${make("list")}[?${make("int")}]`,
    (make) => `optional.of(${make("any")})`,
    (make) => `optional.ofNonZeroValue(${make("any")})`,
    (make) => `${make("optional")}.or(${make("optional")})`,
    (make, pick) => `${make("optional")}.optMap(v, ${pick("string(v)", "v + v")})`,
    (make) => `${make("list")}.first()`,
  ],
  time: [
    (make, pick) => `${make("time")} ${pick("+", "-")} ${make("span")}`,
    (make) => `timestamp(${make("text")})`,
    (make) => `timestamp(string(${make("time")}))`,
    (make) => `[${make("time")}, ${make("time")}].max()`,
  ],
  span: [
    (make) => `${make("time")} - ${make("time")}`,
    (make, pick) => `${make("span")} ${pick("+", "-")} ${make("span")}`,
    (_, pick) =>
      `duration('${pick("1d", "", "-", "5", "1h ", "1.5.5s", "9223372036s", "9223372037s", "1\u00b5s", "-0", "1e3s", "100ms5ns", ".s")}')`,
    (make) => `duration(string(${make("span")}))`,
    (make) => `[${make("span")}, ${make("span")}].sum()`,
  ],
  object: [
    (_, pick) => `url('${pick("https://a.example/x?y=1", "/p", "x", "", "http://[::1]:80/", "https://a b", "mailto:x@y")}')`,
    (_, pick) => `ip('${pick("::1", "10.0.0.1", "::ffff:1.2.3.4", "1.2.3", "fe80::1%eth0", "01.2.3.4")}')`,
    (_, pick) => `cidr('${pick("10.0.0.0/8", "::/0", "10.0.0.1/33", "1.2.3.4/24", "x")}')`,
    (_, pick) => `quantity('${pick("1", "1k", "0.5", "-3Mi", "1e3", "1E", "x", "1.5Gi")}')`,
    (make) => `quantity('2').add(${make("int")})`,
    (_, pick) => `semver('${pick("1.0.0", "v1.2", "1.2.3+b", "1", "x")}'${pick("", ", true", ", false")})`,
  ],
  any: [
    (make, pick) => make(pick("time", "span", "object")),
    (make, pick) =>
      `${make("time")}.${pick("getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear", "getHours", "getMinutes", "getSeconds", "getMilliseconds")}()`,
    (make, pick) => `${make("span")}.${pick("getHours", "getMinutes", "getSeconds", "getMilliseconds")}()`,
    (make, pick) =>
      `${make("object")}.${pick("getHost", "getScheme", "getPort", "getHostname", "getEscapedPath", "getQuery", "family", "isLoopback", "isGlobalUnicast", "ip", "masked", "prefixLength", "isInteger", "asInteger", "asApproximateFloat", "major", "minor", "patch")}()`,
    (make, pick) =>
      `${make("object")}.${pick("containsIP('10.1.1.1')", "containsCIDR('10.0.0.0/16')", "compareTo(quantity('1'))", "isGreaterThan(semver('1.0.0'))", "isLessThan(quantity('1k'))", "validate('a').hasValue()")}`,
    (make, pick) =>
      `${make(pick("object", "time", "span"))} ${pick("==", "!=", "<", "in")} ${make(pick("object", "time", "span", "list"))}`,
    (make, pick) => `${make("bool")} ? ${make(pick("any", "text"))} : ${make(pick("any", "list"))}`,
    (make, pick) =>
      `${make("int")} ${pick("<", "==", "!=")} ${make("int")} ${pick("<=", "==", "in", "!=")} ${make(pick("int", "bool", "list"))}`,
    (make, pick) => `${pick("!", "-", "!!", "--", "!-", "-!")}${make(pick("bool", "int", "double"))}`,
    (make, pick) => `${make("texts")}.sortBy(x, ${pick("x", "size(x)", "x.upperAscii()", "-size(x)", "x == 'a'", "[x]", make("any"))})`,
    (make, pick) =>
      `${make(pick("list", "texts"))}.${pick("first()", "last()", "isSorted()", "min()", "max()", "sum()", "flatten(2)", "slice(1, 2)", "lastIndexOf('a')", "join()")}`,
    (make, pick) =>
      `user.${pick("username", "uid", "groups", "extra", "extra['example.com/a']", "extra.all(k, v, size(v) > 0)", "groups.exists(g, g == 'g1')", "name", "groups[0]", "?extra.x", "extra.x")} == ${make(pick("text", "texts", "any"))}`,
    (make, pick) => `user.${pick("username", "uid", "groups.join(',')")}.${pick("startsWith", "contains", "endsWith")}(${make("text")})`,
    (make, pick) => `${make("optional")}.optFlatMap(v, ${pick("optional.of(v)", "optional.none()", "v")})`,
    (make) => `${make("any")}.orValue(${make("any")})`,
    (make) => `${make("optional")}.orValue(${make("any")})`,
    (make, pick) =>
      `dyn(${make("map")}).${pick("transformMap(k, v, k != 'k', v)", "transformMap(k, v, [v])", "transformMapEntry(k, v, {v: k})", "transformList(k, v, v)", "exists_one(k, v, v == 'v')")}`,
    (make, pick) => make(pick("text", "int", "double", "bool", "texts", "list", "map", "optional")),
    (make) => `dyn(${make("text")})`,
    (make) => `${make("map")}['k']`,
    (make) => `${make("list")}[${make("int")}]`,
    (make) => `${make("optional")}.value()`,
    (make) => `(${make("any")})`,
    (make) => `type(${make("any")})`,
    (make) => `bytes(${make("text")})`,
    (make) => `uint(${make("int")})`,
    (_, pick) => `timestamp(${pick("claims.n", "1700000000", "'2026-01-02T03:04:05Z'")})`,
    (make) => `duration(${make("text")})`,
  ],
};

const kinds = Object.keys(makers) as readonly Kind[];

/** An expression of one to four levels. */
function randomExpression(random: Random): string {
  const pick = <Item>(...items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const make =
    (depth: number) =>
    (wanted: Kind): string => {
      // One in fifteen is of another kind than what stands around it wants.
      const kind = random() < 0.06 ? pick(...kinds) : wanted;
      const text = depth <= 0 || random() < 0.3 ? pick(...leaves[kind]) : pick(...makers[kind])(make(depth - 1), pick);
      return text.includes(" ") ? `(${text})` : text;
    };
  return pick(...makers[pick(...kinds)])(make(1 + Math.floor(random() * 3)), pick);
}

/** As many different ones as are asked for; equal seeds make equal ones. */
export function randomExpressions(seed: number, count: number): string[] {
  const random = randomOf(seed);
  const made = new Set<string>();
  while (made.size < count) {
    made.add(randomExpression(random));
  }
  return [...made];
}
