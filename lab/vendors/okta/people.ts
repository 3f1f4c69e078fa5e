import type { UserRecord } from "./model";
import { hashPassword, newId, timestamp, type OktaStore } from "./store";
import { addUser } from "./users";

export interface NewPerson {
  readonly login: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly password: string;
  /** Default: the login, when that is an address. */
  readonly email?: string;
}

/** Adds a person, or sets the password of the one with that login. */
export async function addPerson(store: OktaStore, person: NewPerson): Promise<UserRecord> {
  const known = store.state.users.find((user) => user.profile.login.toLowerCase() === person.login.toLowerCase());
  if (known !== undefined) {
    Object.assign(known, { password: await hashPassword(person.password), passwordChanged: timestamp(), status: "ACTIVE" });
    store.changed();
    return known;
  }
  const { login, firstName, lastName, password } = person;
  return addUser(store, { profile: { login, email: person.email ?? login, firstName, lastName }, password, activate: true });
}

/** The administrator for whom the API token counts as made. Nobody knows the password: people sign in with their own accounts. */
export async function administrator(store: OktaStore): Promise<UserRecord> {
  const login = "administrator@lab.invalid";
  const known = store.state.users.find((user) => user.profile.login === login);
  if (known !== undefined) {
    return known;
  }
  const profile = { login, email: login, firstName: "Lab", lastName: "Administrator" };
  const user = await addUser(store, { profile, activate: true });
  user.roles.push({ id: newId("ra1"), type: "SUPER_ADMIN", label: "Super Administrator", created: timestamp() });
  store.changed();
  return user;
}
