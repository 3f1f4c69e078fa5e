// Entry point of the executable pulumi-resource-okta.
import { serveProvider } from "../provider/grpc";
import { tableProvider } from "../provider/table";
import { okta } from "./table";

serveProvider("okta", tableProvider(okta));
