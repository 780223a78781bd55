/** MCC and MNC of one network a country, by the longest prefix; the receipts only need something plausible. */
const NETWORKS: Readonly<Record<string, string>> = {
  '1': '310260',
  '33': '20801',
  '34': '21401',
  '44': '23410',
  '49': '26201',
  '60': '50212',
  '61': '50501',
  '62': '51010',
  '65': '52501',
  '66': '52001',
  '81': '44010',
  '82': '45005',
  '84': '45204',
  '86': '46000',
  '91': '40410',
  '852': '45400',
  '853': '45501',
  '886': '46692',
};
const OTHER_NETWORK = '99999';

export const networkOf = (to: string): string =>
  NETWORKS[to.slice(0, 3)] ?? NETWORKS[to.slice(0, 2)] ?? NETWORKS[to.slice(0, 1)] ?? OTHER_NETWORK;
