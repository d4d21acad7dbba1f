-- Redrawing of cells, accounts, wall displays and the audit log: the columns known today.

CREATE TABLE plan (
    plan_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    status text NOT NULL DEFAULT 'draft'
        CHECK (status IN ('draft', 'submitted', 'approved', 'published')),
    author text NOT NULL,
    locked_by text,
    -- The area being redrawn, with its lineage.
    scope_code text NOT NULL,
    city_code text,
    county_code text,
    township_code text,
    created_at timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz
);

-- The draft is the replay of its edits; an undone edit stays in the log.
CREATE TABLE plan_edit (
    plan_id bigint NOT NULL REFERENCES plan,
    number integer NOT NULL CHECK (number > 0),
    author text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    undone boolean NOT NULL DEFAULT false,
    edit jsonb NOT NULL,
    PRIMARY KEY (plan_id, number)
);

CREATE TABLE plan_cell (
    plan_id bigint NOT NULL REFERENCES plan,
    code text NOT NULL,
    parent_code text NOT NULL,
    name text NOT NULL,
    population integer CHECK (population >= 0),
    households integer CHECK (households >= 0),
    geom geometry(MultiPolygon, 4326) NOT NULL,
    PRIMARY KEY (plan_id, code)
);

-- How a former cell is spread over the cells that replaced it on a day.
CREATE TABLE crosswalk (
    old_code text NOT NULL,
    new_code text NOT NULL,
    changed_on date NOT NULL,
    plan_id bigint REFERENCES plan,
    city_code text NOT NULL,
    county_code text NOT NULL,
    township_code text NOT NULL,
    share_area double precision NOT NULL CHECK (share_area BETWEEN 0 AND 1),
    share_households double precision CHECK (share_households BETWEEN 0 AND 1),
    share_incidents double precision CHECK (share_incidents BETWEEN 0 AND 1),
    PRIMARY KEY (old_code, new_code, changed_on)
);

CREATE TABLE account (
    account_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login text NOT NULL UNIQUE,
    name text NOT NULL,
    role text NOT NULL
        CHECK (role IN ('wall', 'leader', 'planner', 'approver', 'operator', 'admin')),
    scope_slot smallint NOT NULL CHECK (scope_slot BETWEEN 0 AND 3),
    scope_code text NOT NULL,
    disabled_at timestamptz
);

CREATE TABLE display (
    display_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    scope_slot smallint NOT NULL CHECK (scope_slot BETWEEN 0 AND 3),
    scope_code text NOT NULL,
    settings jsonb NOT NULL DEFAULT '{}'
);

CREATE TABLE audit (
    audit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    actor text NOT NULL,
    scope_code text NOT NULL,
    action text NOT NULL,
    detail jsonb NOT NULL DEFAULT '{}'
);
