import type { Construct } from 'constructs';
import { parseAddress } from '../model/address.ts';
import { accountsOf } from '../model/target.ts';
import { job } from './lib/job.ts';
import { networkPolicy } from './lib/network-policy.ts';
import { emptyDirVolume } from './lib/pod.ts';
import { resourcesFor } from './lib/resources.ts';
import { StackChart, type StackChartProps } from './lib/stack-chart.ts';

/**
 * Makes the exporter's user, or brings an existing one to the same state: its password, three connections at
 * most, and only rights to read what the exporter reports. The names arrive as base64, so that no character
 * in a Secret can end a string of the SQL.
 */
const script = `set -eu
encode() { printf %s "$1" | base64 | tr -d '\\n'; }
host="\${ADDRESS%:*}"; port="\${ADDRESS##*:}"
MYSQL_PWD="$ADMIN_PASSWORD" mysql --protocol=tcp --host="$host" --port="$port" --user="$ADMIN_USERNAME" --connect-timeout=10 <<SQL
SET @user = CONCAT(QUOTE(FROM_BASE64('$(encode "$EXPORTER_USERNAME")')), '@''%''');
SET @password = QUOTE(FROM_BASE64('$(encode "$EXPORTER_PASSWORD")'));
SET @make = CONCAT('CREATE USER IF NOT EXISTS ', @user, ' IDENTIFIED BY ', @password);
PREPARE statement FROM @make; EXECUTE statement;
SET @change = CONCAT('ALTER USER ', @user, ' IDENTIFIED BY ', @password, ' WITH MAX_USER_CONNECTIONS 3');
PREPARE statement FROM @change; EXECUTE statement;
SET @clear = CONCAT('REVOKE ALL PRIVILEGES, GRANT OPTION FROM ', @user);
PREPARE statement FROM @clear; EXECUTE statement;
SET @rights = CONCAT('GRANT PROCESS, REPLICATION CLIENT /*M!100502 , SLAVE MONITOR */ ON *.* TO ', @user);
PREPARE statement FROM @rights; EXECUTE statement;
SET @statements = CONCAT('GRANT SELECT ON performance_schema.* TO ', @user);
PREPARE statement FROM @statements; EXECUTE statement;
SQL
echo "user $EXPORTER_USERNAME is ready on $ADDRESS"
`;

/** The exporters' users, on the servers whose administrator the config names. */
export class MysqlUsersChart extends StackChart {
  constructor(scope: Construct, id: string, props: StackChartProps) {
    super(scope, id, props);
    const { config, targets } = props;
    for (const { job: name, secret, server, adminSecret } of accountsOf(targets)) {
      job(this, {
        name,
        image: this.images.mysql,
        command: ['sh', '-c', script],
        env: [
          { name: 'ADDRESS', value: server },
          { name: 'ADMIN_USERNAME', secret: adminSecret, key: 'username' },
          { name: 'ADMIN_PASSWORD', secret: adminSecret, key: 'password' },
          { name: 'EXPORTER_USERNAME', secret, key: 'username' },
          { name: 'EXPORTER_PASSWORD', secret, key: 'password' },
        ],
        user: 65534,
        resources: resourcesFor(config.profile, 'job'),
        // The shell keeps the here-document in a file.
        volumes: [emptyDirVolume('tmp', '/tmp', 16)],
      });
      networkPolicy(this, { name, connects: [parseAddress(server)] }, config.namespace);
    }
  }
}
