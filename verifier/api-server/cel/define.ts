/** Registers a function of Kubernetes: its signature as cel-js writes it, a namespace in the receiver's place. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- cel-js has checked the types of the arguments
export type Define = (signature: string, handler: (...args: any[]) => unknown) => void;
