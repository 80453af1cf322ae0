import type { InstanceType } from '../subject/instance-type.ts'

/** Of the table, for the report. */
export const tableDate = 'August 2026'

type Row = readonly [string, 'amd64' | 'arm64', number, number, number, number, number, string, number, number]

/**
 * For when EC2 cannot be asked: every type with whole NVIDIA GPUs of Karpenter's published table (karpenter.sh/docs/reference/instance-types, generated
 * from EC2's own answers; of v1.14's documentation, smallest of a family first). What pods can have is for AL2023 with Karpenter's default overheads,
 * before any DaemonSet.
 */
const rows: readonly Row[] = [
  ['g4dn.xlarge', 'amd64', 4, 3920, 14481, 1, 3500, 't4', 16384, 125],
  ['g4dn.2xlarge', 'amd64', 8, 7910, 29636, 1, 3500, 't4', 16384, 225],
  ['g4dn.4xlarge', 'amd64', 16, 15890, 59946, 1, 4750, 't4', 16384, 225],
  ['g4dn.8xlarge', 'amd64', 32, 31850, 120248, 1, 9500, 't4', 16384, 900],
  ['g4dn.12xlarge', 'amd64', 48, 47810, 178933, 4, 9500, 't4', 16384, 900],
  ['g4dn.16xlarge', 'amd64', 64, 63770, 241490, 1, 9500, 't4', 16384, 900],
  ['g4dn.metal', 'amd64', 96, 95690, 355262, 8, 19000, 't4', 16384, 1800],
  ['g5.xlarge', 'amd64', 4, 3920, 14162, 1, 3500, 'a10g', 22888, 250],
  ['g5.2xlarge', 'amd64', 8, 7910, 29317, 1, 3500, 'a10g', 22888, 450],
  ['g5.4xlarge', 'amd64', 16, 15890, 57691, 1, 4750, 'a10g', 22888, 600],
  ['g5.8xlarge', 'amd64', 32, 31850, 118312, 1, 16000, 'a10g', 22888, 900],
  ['g5.12xlarge', 'amd64', 48, 47810, 173400, 4, 16000, 'a10g', 22888, 3800],
  ['g5.16xlarge', 'amd64', 64, 63770, 239554, 1, 16000, 'a10g', 22888, 1900],
  ['g5.24xlarge', 'amd64', 96, 95690, 355262, 4, 19000, 'a10g', 22888, 3800],
  ['g5.48xlarge', 'amd64', 192, 191450, 723299, 8, 19000, 'a10g', 22888, 7600],
  ['g5g.xlarge', 'arm64', 4, 3920, 6525, 1, 4750, 't4g', 16384, 0],
  ['g5g.2xlarge', 'arm64', 8, 7910, 14103, 1, 4750, 't4g', 16384, 0],
  ['g5g.4xlarge', 'arm64', 16, 15890, 27322, 1, 4750, 't4g', 16384, 0],
  ['g5g.8xlarge', 'arm64', 32, 31850, 57632, 1, 9500, 't4g', 16384, 0],
  ['g5g.16xlarge', 'arm64', 64, 63770, 112720, 2, 19000, 't4g', 16384, 0],
  ['g5g.metal', 'arm64', 64, 63770, 112720, 2, 19000, 't4g', 16384, 0],
  ['g6.xlarge', 'amd64', 4, 3920, 14162, 1, 5000, 'l4', 22888, 250],
  ['g6.2xlarge', 'amd64', 8, 7910, 29317, 1, 5000, 'l4', 22888, 450],
  ['g6.4xlarge', 'amd64', 16, 15890, 57691, 1, 8000, 'l4', 22888, 600],
  ['g6.8xlarge', 'amd64', 32, 31850, 118312, 1, 16000, 'l4', 22888, 900],
  ['g6.12xlarge', 'amd64', 48, 47810, 178933, 4, 20000, 'l4', 22888, 3760],
  ['g6.16xlarge', 'amd64', 64, 63770, 234021, 1, 20000, 'l4', 22888, 1880],
  ['g6.24xlarge', 'amd64', 96, 95690, 355262, 4, 30000, 'l4', 22888, 3760],
  ['g6.48xlarge', 'amd64', 192, 191450, 718987, 8, 60000, 'l4', 22888, 7520],
  ['g6e.xlarge', 'amd64', 4, 3920, 29317, 1, 5000, 'l40s', 45776, 250],
  ['g6e.2xlarge', 'amd64', 8, 7910, 59627, 1, 5000, 'l40s', 45776, 450],
  ['g6e.4xlarge', 'amd64', 16, 15890, 118312, 1, 8000, 'l40s', 45776, 600],
  ['g6e.8xlarge', 'amd64', 32, 31850, 239554, 1, 16000, 'l40s', 45776, 900],
  ['g6e.12xlarge', 'amd64', 48, 47810, 360157, 4, 20000, 'l40s', 45776, 3800],
  ['g6e.16xlarge', 'amd64', 64, 63770, 476504, 1, 20000, 'l40s', 45776, 1900],
  ['g6e.24xlarge', 'amd64', 96, 95690, 721682, 4, 30000, 'l40s', 45776, 3800],
  ['g6e.48xlarge', 'amd64', 192, 191450, 1449132, 8, 60000, 'l40s', 45776, 7600],
  ['g7.2xlarge', 'amd64', 8, 7910, 27161, 1, 8000, 'rtx-pro-4500', 32768, 440],
  ['g7.4xlarge', 'amd64', 16, 15890, 54699, 1, 8000, 'rtx-pro-4500', 32768, 875],
  ['g7.8xlarge', 'amd64', 32, 31850, 113934, 1, 16000, 'rtx-pro-4500', 32768, 930],
  ['g7.12xlarge', 'amd64', 48, 47810, 173169, 2, 20000, 'rtx-pro-4500', 32768, 1900],
  ['g7.24xlarge', 'amd64', 96, 95690, 346715, 4, 40000, 'rtx-pro-4500', 32768, 3800],
  ['g7.48xlarge', 'amd64', 192, 191450, 718756, 8, 80000, 'rtx-pro-4500', 32768, 7600],
  ['g7e.2xlarge', 'amd64', 8, 7910, 57471, 1, 5000, 'rtx-pro-server-6000', 98304, 1900],
  ['g7e.4xlarge', 'amd64', 16, 15890, 115320, 1, 8000, 'rtx-pro-server-6000', 98304, 1900],
  ['g7e.8xlarge', 'amd64', 32, 31850, 236562, 1, 16000, 'rtx-pro-server-6000', 98304, 1900],
  ['g7e.12xlarge', 'amd64', 48, 47810, 477659, 2, 25000, 'rtx-pro-server-6000', 98304, 3800],
  ['g7e.24xlarge', 'amd64', 96, 95690, 962625, 4, 50000, 'rtx-pro-server-6000', 98304, 7600],
  ['g7e.48xlarge', 'amd64', 192, 191450, 1932558, 8, 100000, 'rtx-pro-server-6000', 98304, 15200],
  ['gr6.4xlarge', 'amd64', 16, 15890, 118312, 1, 8000, 'l4', 22888, 600],
  ['gr6.8xlarge', 'amd64', 32, 31850, 239554, 1, 16000, 'l4', 22888, 900],
  ['p3dn.24xlarge', 'amd64', 96, 95690, 718987, 8, 19000, 'v100', 32768, 1800],
  ['p4d.24xlarge', 'amd64', 96, 95690, 1082712, 8, 19000, 'a100', 40960, 8000],
  ['p4de.24xlarge', 'amd64', 96, 95690, 1082712, 8, 19000, 'a100', 81920, 8000],
  ['p5.4xlarge', 'amd64', 16, 15890, 240830, 1, 10000, 'h100', 81920, 3800],
  ['p5.48xlarge', 'amd64', 192, 191450, 1938410, 8, 80000, 'h100', 81920, 30400],
  ['p5e.48xlarge', 'amd64', 192, 191450, 1938410, 8, 80000, 'h200', 144384, 30400],
  ['p5en.48xlarge', 'amd64', 192, 191450, 1937332, 8, 100000, 'h200', 144384, 30400],
  ['p6-b200.48xlarge', 'amd64', 192, 191450, 1937332, 8, 100000, 'b200', 183359, 30400],
  ['p6-b300.48xlarge', 'amd64', 192, 191450, 3877198, 8, 100000, 'b300', 275040, 30400],
]

export const instanceTypeTable: readonly InstanceType[] = rows.map(
  ([name, architecture, vcpus, cpuMillis, memoryMiB, gpus, ebsMbps, gpuName, gpuMemoryMiB, localNvmeGB]) => ({
    name,
    architecture,
    vcpus,
    cpuMillis,
    memoryMiB,
    gpus,
    ebsMbps,
    gpuName,
    gpuMemoryMiB,
    localNvmeGB,
  }),
)
