import { isIPv4, isIPv6 } from "node:net";
import type { Define } from "./define";
import type { Opaque } from "./values";

/** An IP address as Go's netip reads it; an IPv4 address inside IPv6 and a zone are refused (pkg/cel/library/ip.go). */
export class Address implements Opaque {
  constructor(
    readonly bits: 32 | 128,
    readonly value: bigint,
  ) {}

  equals(other: unknown): boolean {
    return other instanceof Address && other.bits === this.bits && other.value === this.value;
  }

  toString(): string {
    return this.bits === 32
      ? groups(this.value, 4, 8n).join(".")
      : shortened(groups(this.value, 8, 16n).map((group) => group.toString(16)));
  }

  under(length: number): bigint {
    return length === 0 ? 0n : this.value >> BigInt(this.bits - length);
  }
}

/** An address with the length of its prefix. */
export class Network implements Opaque {
  constructor(
    readonly address: Address,
    readonly length: number,
  ) {}

  equals(other: unknown): boolean {
    return other instanceof Network && other.length === this.length && other.address.equals(this.address);
  }

  toString(): string {
    return `${this.address.toString()}/${this.length}`;
  }

  contains(address: Address, length: number = address.bits): boolean {
    return address.bits === this.address.bits && this.length <= length && address.under(this.length) === this.address.under(this.length);
  }

  masked(): Network {
    const rest = BigInt(this.address.bits - this.length);
    return new Network(new Address(this.address.bits, (this.address.value >> rest) << rest), this.length);
  }
}

/** `ip(…)`, `cidr(…)` and what belongs to them (pkg/cel/library/ip.go, cidr.go). */
export function defineAddresses(define: Define): void {
  define("ip(string): IP", address);
  define("isIP(string): bool", (text: string) => succeeds(() => address(text)));
  define("ip.isCanonical(string): bool", (text: string) => address(text).toString() === text);
  define("string(IP): string", (ip: Address) => ip.toString());
  define("IP.family(): int", ({ bits }: Address) => (bits === 32 ? 4n : 6n));
  define("IP.isUnspecified(): bool", ({ value }: Address) => value === 0n);
  define("IP.isLoopback(): bool", (ip: Address) => (ip.bits === 32 ? ip.under(8) === 127n : ip.value === 1n));
  define("IP.isLinkLocalMulticast(): bool", (ip: Address) =>
    ip.bits === 32 ? ip.under(24) === 0xe00000n : (ip.under(16) & 0xff0fn) === 0xff02n,
  );
  define("IP.isLinkLocalUnicast(): bool", (ip: Address) => (ip.bits === 32 ? ip.under(16) === 0xa9fen : ip.under(10) === 0x3fan));
  define("IP.isGlobalUnicast(): bool", isGlobalUnicast);
  define("cidr(string): CIDR", network);
  define("isCIDR(string): bool", (text: string) => succeeds(() => network(text)));
  define("string(CIDR): string", (cidr: Network) => cidr.toString());
  define("CIDR.containsIP(IP): bool", (cidr: Network, ip: Address) => cidr.contains(ip));
  define("CIDR.containsIP(string): bool", (cidr: Network, text: string) => cidr.contains(address(text)));
  define("CIDR.containsCIDR(CIDR): bool", (cidr: Network, other: Network) => cidr.contains(other.address, other.length));
  define("CIDR.containsCIDR(string): bool", (cidr: Network, text: string) => {
    const other = network(text);
    return cidr.contains(other.address, other.length);
  });
  define("CIDR.ip(): IP", (cidr: Network) => cidr.address);
  define("CIDR.prefixLength(): int", (cidr: Network) => BigInt(cidr.length));
  define("CIDR.masked(): CIDR", (cidr: Network) => cidr.masked());
}

/** @throws Error where it is none that Kubernetes takes */
export function address(text: string): Address {
  if (isIPv4(text)) {
    return new Address(32, joined(text.split(".").map(BigInt), 8n));
  }
  if (!isIPv6(text) || text.includes("%")) {
    throw new Error(`IP Address ${JSON.stringify(text)} parse error during conversion from string`);
  }
  const value = joined(words(text), 16n);
  if (value >> 32n === 0xffffn) {
    throw new Error(`IPv4-mapped IPv6 address ${JSON.stringify(text)} is not allowed`);
  }
  return new Address(128, value);
}

function network(text: string): Network {
  const [, before = "", digits = ""] = /^(.*)\/(0|[1-9][0-9]{0,2})$/s.exec(text) ?? [];
  const found = digits === "" ? undefined : address(before);
  if (found === undefined || Number(digits) > found.bits) {
    throw new Error(`network address parse error during conversion from string: ${JSON.stringify(text)}`);
  }
  return new Network(found, Number(digits));
}

function isGlobalUnicast(ip: Address): boolean {
  const multicast = ip.bits === 32 ? ip.under(4) === 0xen : ip.under(8) === 0xffn;
  const loopback = ip.bits === 32 ? ip.under(8) === 127n : ip.value === 1n;
  const linkLocal = ip.bits === 32 ? ip.under(16) === 0xa9fen : ip.under(10) === 0x3fan;
  const broadcast = ip.bits === 32 && ip.value === 0xffffffffn;
  return ip.value !== 0n && !multicast && !loopback && !linkLocal && !broadcast;
}

function words(text: string): bigint[] {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const plain =
    dotted === null
      ? text
      : `${dotted[1] ?? ""}${groups(joined((dotted[2] ?? "").split(".").map(BigInt), 8n), 2, 16n)
          .map((word) => word.toString(16))
          .join(":")}`;
  const [before = "", after] = plain.split("::");
  const parsed = (part: string): bigint[] => (part === "" ? [] : part.split(":").map((word) => BigInt(`0x${word}`)));
  const [left, right] = [parsed(before), parsed(after ?? "")];
  return [...left, ...new Array<bigint>(after === undefined ? 0 : 8 - left.length - right.length).fill(0n), ...right];
}

function joined(parts: readonly bigint[], width: bigint): bigint {
  return parts.reduce((value, part) => (value << width) | part, 0n);
}

function groups(value: bigint, count: number, width: bigint): bigint[] {
  return Array.from({ length: count }, (_, index) => (value >> (width * BigInt(count - 1 - index))) & ((1n << width) - 1n));
}

/** RFC 5952: the first longest run of at least two zeros becomes `::`. */
function shortened(hex: readonly string[]): string {
  let [start, length] = [-1, 1];
  for (let at = 0; at < hex.length; at++) {
    let end = at;
    while (hex[end] === "0") {
      end++;
    }
    if (end - at > length) {
      [start, length] = [at, end - at];
    }
  }
  return start < 0 ? hex.join(":") : `${hex.slice(0, start).join(":")}::${hex.slice(start + length).join(":")}`;
}

export function succeeds(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
