import type { Construct } from 'constructs';
import { parseAddress } from '../model/address.ts';
import { checkAccounts } from '../model/consistency-account.ts';
import { accountsOf } from '../model/target.ts';
import { job } from './lib/job.ts';
import { networkPolicy } from './lib/network-policy.ts';
import { emptyDirVolume } from './lib/pod.ts';
import { resourcesFor } from './lib/resources.ts';
import { StackChart, type StackChartProps } from './lib/stack-chart.ts';

/**
 * Makes a user, or brings an existing one to the same state: its password, three connections at most, and no other
 * rights than those of GRANTS, a line each. All of it arrives as base64, so that no character in it can end a string of
 * the SQL.
 */
const script = `set -eu
encode() { printf %s "$1" | base64 | tr -d '\\n'; }
host="\${ADDRESS%:*}"; port="\${ADDRESS##*:}"
rights=$(printf '%s\\n' "$GRANTS" | while IFS= read -r grant; do cat <<SQL
SET @grant = CONCAT('GRANT ', FROM_BASE64('$(encode "$grant")'), ' TO ', @user);
PREPARE statement FROM @grant; EXECUTE statement;
SQL
done)
MYSQL_PWD="$ADMIN_PASSWORD" mysql --protocol=tcp --host="$host" --port="$port" --user="$ADMIN_USERNAME" --connect-timeout=10 <<SQL
SET @user = CONCAT(QUOTE(FROM_BASE64('$(encode "$ACCOUNT_USERNAME")')), '@''%''');
SET @password = QUOTE(FROM_BASE64('$(encode "$ACCOUNT_PASSWORD")'));
SET @make = CONCAT('CREATE USER IF NOT EXISTS ', @user, ' IDENTIFIED BY ', @password);
PREPARE statement FROM @make; EXECUTE statement;
SET @change = CONCAT('ALTER USER ', @user, ' IDENTIFIED BY ', @password, ' WITH MAX_USER_CONNECTIONS 3');
PREPARE statement FROM @change; EXECUTE statement;
SET @clear = CONCAT('REVOKE ALL PRIVILEGES, GRANT OPTION FROM ', @user);
PREPARE statement FROM @clear; EXECUTE statement;
$rights
SQL
echo "user $ACCOUNT_USERNAME is ready on $ADDRESS"
`;

/** What the exporter reports, and no more. */
const exporterGrants = [
  'PROCESS, REPLICATION CLIENT /*M!100502 , SLAVE MONITOR */ ON *.*',
  'SELECT ON performance_schema.*',
];

/** The name of a database in a GRANT is a pattern, in which "_" is any character unless it is escaped. */
const mayRead = (database: string): string =>
  `SELECT ON \`${database.replaceAll('`', '``').replaceAll(/[\\_%]/g, '\\$&')}\`.*`;

/** Kubernetes reads `$$` in the value of a variable as `$`. */
const literal = (text: string): string => text.replaceAll('$', '$$$$');

/** The users of exporters and of consistency checks, on the servers whose administrator the config names. */
export class MysqlUsersChart extends StackChart {
  constructor(scope: Construct, id: string, props: StackChartProps) {
    super(scope, id, props);
    const { config, targets } = props;
    const wanted = [
      ...accountsOf(targets).map((account) => ({ ...account, grants: exporterGrants })),
      ...checkAccounts(config).flatMap(({ instance, address, secret, databases, adminSecret }) =>
        adminSecret
          ? [
              {
                job: `check-user-${instance}`,
                secret,
                server: address,
                adminSecret,
                grants: databases.map(mayRead),
              },
            ]
          : [],
      ),
    ];
    for (const { job: name, secret, server, adminSecret, grants } of wanted) {
      job(this, {
        name,
        image: this.images.mysql,
        command: ['sh', '-c', script],
        env: [
          { name: 'ADDRESS', value: server },
          { name: 'ADMIN_USERNAME', secret: adminSecret, key: 'username' },
          { name: 'ADMIN_PASSWORD', secret: adminSecret, key: 'password' },
          { name: 'ACCOUNT_USERNAME', secret, key: 'username' },
          { name: 'ACCOUNT_PASSWORD', secret, key: 'password' },
          { name: 'GRANTS', value: literal(grants.join('\n')) },
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
