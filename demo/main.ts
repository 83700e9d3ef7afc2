/** One program for all services of the shop; ROLE says which one this is, or `seed` to fill the shop. */
import type { ServiceName } from './faults.ts';
import { run, type Service } from './lib/run.ts';
import { setting } from './lib/settings.ts';
import { startTelemetry, type Telemetry } from './lib/telemetry.ts';
import { seed } from './seed/seed.ts';
import { apiGateway } from './services/api-gateway.ts';
import { authService } from './services/auth-service.ts';
import { blogService } from './services/blog-service.ts';
import { notificationService } from './services/notification-service.ts';
import { searchService } from './services/search-service.ts';
import { shoppingService } from './services/shopping-service.ts';

const services: Readonly<Record<ServiceName, (telemetry: Telemetry) => Service>> = {
  'api-gateway': apiGateway,
  'auth-service': authService,
  'shopping-service': shoppingService,
  'blog-service': blogService,
  'search-service': searchService,
  'notification-service': notificationService,
};

const role = setting('ROLE');
const telemetry = startTelemetry(role);

/** What nobody caught: said once, and the pod starts anew. */
function fatal(error: unknown): never {
  telemetry.log.fatal({ err: error }, (error as Error).message);
  process.exit(1);
}
process.on('uncaughtException', fatal);
process.on('unhandledRejection', fatal);

if (role === 'seed') {
  await seed(telemetry).catch(fatal);
  await telemetry.close();
  process.exit(0);
}
const service = services[role as ServiceName];
if (!service) fatal(new Error(`ROLE is "${role}", which is none of: ${Object.keys(services).join(', ')}, seed`));
await run(telemetry, service(telemetry)).catch(fatal);
