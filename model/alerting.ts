import * as z from 'zod';
import { webUrl } from './patterns.ts';

/** Who is told of alerts. */
export const Alerting = z.strictObject({
  runbookUrl: webUrl.optional().meta({
    description:
      "Where the team's runbooks are; the name of the alert is put behind it. Left out: the dashboard of runbooks in Grafana.",
  }),
});
