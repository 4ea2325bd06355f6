# SPDX-License-Identifier: GPL-3.0-or-later
"""Workspaces for tests of zone design: the county of the open data at two grains, and small grids."""

import csv
import json
import os
import pathlib
import shutil
import subprocess

HCBROKER = os.environ['HCBROKER']
DATA = pathlib.Path(os.environ.get('HCB_OPEN_DATA') or os.environ.get('HCB_SHARED_DEFAULT', '')) / 'data'
BUNDLED = pathlib.Path(os.environ['HCB_DATA_DIR']) / 'leicestershire'
BANDS = ('urban', 'fringe', 'rural', 'isolated')
CLASSES = {'large': range(1, 7), 'medium': range(7, 10), 'small_town': range(10, 13), 'small_rural': [13], 'rural_free': [14]}


def run(*arguments, code=0):
    done = subprocess.run([HCBROKER, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == code or (code is None and done.returncode in (0, 1, 4)), (arguments, done.returncode, done.stdout[-2000:], done.stderr[-2000:])
    return done


def rows(path):
    with open(path, encoding='utf-8', newline='') as f:
        return list(csv.DictReader(f))


def write_zones(path, zones):
    with open(path, 'w', encoding='utf-8') as f:
        f.write('zone_id,name,class,prime\n')
        for zone, name, kind in zones:
            f.write(f'{zone},{name},{kind},{"false" if kind == "rural_free" else "true"}\n')


def finish(folder, areas_geojson):
    """zones.geojson and the files of every workspace."""
    folder = pathlib.Path(folder)
    run('zones', 'dissolve', '--areas', folder / 'areas.csv', '--polygons', areas_geojson, '--zones', folder / 'zones.csv',
        '--out', folder / 'zones.geojson')
    for name in ('prices.csv', 'prime_supplementary.yaml'):
        shutil.copy(BUNDLED / name, folder)
    (folder / 'hcbroker.yaml').write_text(f"""version: 1
name: zones to be designed
as_of: 2020-12-01
synthetic: true
zones: zones.geojson
areas: areas.csv
areas_geojson: {areas_geojson}
prices: prices.csv
providers: providers.csv
coverage: coverage.csv
packages: packages.csv
visits: visits.csv
placements: placements.csv
policy: prime_supplementary.yaml
""", encoding='utf-8')


def county(folder, grain):
    """'lsoa': 396 areas; 'oa': 2,085."""
    folder = pathlib.Path(folder)
    folder.mkdir()
    names = {r['zone']: r['name'] for r in rows(DATA / 'zones.csv')}
    write_zones(folder / 'zones.csv', [(f'{z:02d}', names[str(z)], kind) for kind, of in CLASSES.items() for z in of])
    with open(folder / 'areas.csv', 'w', encoding='utf-8') as f:
        f.write('area_id,easting,northing,zone_id,band,households,people65\n')
        for r in rows(DATA / f'{grain}2011.csv'):
            if grain == 'lsoa':
                band = max(BANDS, key=lambda b, r=r: float(r['band_' + b]))
                f.write(f"{r['lsoa11']},{r['easting']},{r['northing']},{int(r['zone_inferred']):02d},{band},"
                        f"{r['households2021']},{r['pop65p']}\n")
            else:
                f.write(f"{r['oa11']},{r['easting']},{r['northing']},{int(r['zone_inferred']):02d},{r['band_inferred']},"
                        f"{r['households']},{r['pop65p_est']}\n")
    finish(folder, DATA / f'{grain}2011.geojson')
    run('-C', folder, 'generate', '--scenario', 's1', '--queue', '60')


def read_json(path):
    with open(path, encoding='utf-8') as f:
        return json.load(f)


PROVIDER = [('k1', 5000, '', {})]


def grid(folder, width, height, minutes, zone, people=None, kinds=None, places=None, prices=None, providers=None, ids=None,
         shuffle=None):
    """Cells of a kilometre; `minutes` of care a week and today's `zone` of each. Ids c00, c01, ... row by row, or `ids`.
    kinds: class of a zone; places: name of each cell; prices: rows of prices.csv; providers: (id, hours, viable hours, zone -> hours
    or None); shuffle: a random generator for the order of all rows."""
    folder = pathlib.Path(folder)
    folder.mkdir()
    n = width * height
    ids = ids or [f'c{i:02d}' for i in range(n)]
    order = list(range(n))
    if shuffle:
        shuffle.shuffle(order)
    write_zones(folder / 'zones.csv', [(z, f'Zone {z}', (kinds or {}).get(z, 'medium')) for z in sorted(set(zone))])
    corner = lambda i: (450000 + 1000 * (i % width), 300000 + 1000 * (i // width))
    features = []
    for i in order:
        x, y = corner(i)
        ring = [[x, y], [x + 1000, y], [x + 1000, y + 1000], [x, y + 1000], [x, y]]
        features.append({'type': 'Feature', 'properties': {'area_id': ids[i]},
                         'geometry': {'type': 'Polygon', 'coordinates': [ring]}})
    with open(folder / 'areas.geojson', 'w', encoding='utf-8') as f:
        json.dump({'type': 'FeatureCollection', 'features': features,
                   'crs': {'type': 'name', 'properties': {'name': 'urn:ogc:def:crs:EPSG::27700'}}}, f)
    with open(folder / 'areas.csv', 'w', encoding='utf-8') as f:
        f.write('area_id,name,easting,northing,zone_id,band,households,people65\n')
        for i in order:
            x, y = corner(i)
            f.write(f'{ids[i]},{places[i] if places else ""},{x + 500},{y + 500},{zone[i]},{BANDS[i % 3]},100,'
                    f'{people[i] if people else 10}\n')
    with open(folder / 'packages.csv', 'w', encoding='utf-8') as f:
        f.write('package_id,easting,northing,weekly_hours,visits_per_week,carers,priority\n')
        for i in order:
            x, y = corner(i)
            if minutes[i]:
                f.write(f'p{i:02d},{x + 500},{y + 500},{minutes[i] // 60}:{minutes[i] % 60:02d},7,1,3\n')
    with open(folder / 'providers.csv', 'w', encoding='utf-8') as f, open(folder / 'coverage.csv', 'w', encoding='utf-8') as g:
        f.write('provider_id,easting,northing,capacity_hours,viable_hours\n')
        g.write('provider_id,zone_id,tier,capacity_hours\n')
        for name, hours, viable, where in providers or PROVIDER:
            f.write(f'{name},452000,302000,{hours},{viable}\n')
            for z, limit in (where or dict.fromkeys(sorted(set(zone)))).items():
                g.write(f'{name},{z},supplementary,{"" if limit is None else limit}\n')
    (folder / 'placements.csv').write_text('package_id,provider_id,easting,northing,weekly_hours,visits_per_week\n',
                                           encoding='utf-8')
    (folder / 'visits.csv').write_text('package_id,days,start,end,minutes\n', encoding='utf-8')
    finish(folder, folder / 'areas.geojson')
    if prices:
        (folder / 'prices.csv').write_text('band,price_per_hour,effective_from,zone_id\n' + prices, encoding='utf-8')
