import { type ApiObject, JsonPatch } from 'cdk8s';

/** Takes off the namespace that cdk8s puts on every object of a chart: a Namespace or ClusterRole is in none. */
export const clusterScoped = (object: ApiObject): void => object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
