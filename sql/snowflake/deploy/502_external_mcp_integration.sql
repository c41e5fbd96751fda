-- Lets Snowflake call the churn-mcp server at this address, as a client of the OAuth server that guards it. Its users
-- sign in again every thirty days; without that setting never.
create or replace api integration blank_integration
api_provider = external_mcp
api_allowed_prefixes = (blank_url)
api_user_authentication = (
    type = oauth2
    oauth_client_id = blank_oauth_client_id
    oauth_client_secret = blank_oauth_client_secret
    oauth_token_endpoint = blank_oauth_token_endpoint
    oauth_authorization_endpoint = blank_oauth_authorization_endpoint
    oauth_refresh_token_validity = 2592000
)
enabled = true
comment = 'churn-mcp: calls the churn-mcp server'
